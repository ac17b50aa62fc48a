"""MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS: a directive's arguments differ; they are combined."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.hints import HintCode
from router.composition.model.merging import Merging
from router.composition.model.schema import Applied


def hint(
    applications: Sequence[Applied], merged: Applied, merging: Merging, *, coordinate: str, subgraphs: Sequence[str]
) -> None:
    """Tell what became of differing applications."""
    differing = " and ".join(str(application) for application in applications)
    merging.report.hint(
        HintCode.MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
        f'"{coordinate}" has {differing} in different subgraphs: the supergraph combines them to {merged}.',
        subgraphs=subgraphs,
        coordinates=[coordinate],
    )
