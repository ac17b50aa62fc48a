"""INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS: a directive's arguments differ; the most frequent are used."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.hints import HintCode
from router.composition.model.merging import Merging
from router.composition.model.schema import Applied


def hint(
    applications: Sequence[Applied], merged: Applied, merging: Merging, *, coordinate: str, subgraphs: Sequence[str]
) -> None:
    """Tell which of differing applications the supergraph has."""
    differing = " and ".join(str(application) for application in applications)
    merging.report.hint(
        HintCode.INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
        f'"{coordinate}" has {differing} in different subgraphs: the supergraph uses {merged}.',
        subgraphs=subgraphs,
        coordinates=[coordinate],
    )
