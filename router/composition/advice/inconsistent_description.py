"""INCONSISTENT_DESCRIPTION: descriptions differ; the most frequent is used."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging


def hint(users: Sequence[str], merging: Merging, *, coordinate: str, subgraphs: Sequence[str]) -> None:
    """Tell whose description an element has; `users` are the subgraphs that wrote it."""
    merging.report.hint(
        HintCode.INCONSISTENT_DESCRIPTION,
        f'"{coordinate}" has different descriptions: that of {wording.subgraphs(users)} is used.',
        subgraphs=subgraphs,
        coordinates=[coordinate],
    )
