"""INCONSISTENT_UNION_MEMBER: a member of a union is in some subgraphs only."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging


def hint(member: str, merging: Merging, *, union: str, having: Sequence[str], lacking: Sequence[str]) -> None:
    """Tell of a member that only the subgraphs `having` it may return."""
    merging.report.hint(
        HintCode.INCONSISTENT_UNION_MEMBER,
        f'Union "{union}" has the member "{member}" in {wording.presence(having, lacking)}.',
        subgraphs=[*having, *lacking],
        coordinates=[union],
    )
