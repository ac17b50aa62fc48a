"""INCONSISTENT_ENTITY: a type has a key in some subgraphs only."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging


def hint(name: str, merging: Merging, *, keyed: Sequence[str], keyless: Sequence[str]) -> None:
    """Tell which subgraphs cannot be reached for an object of the type."""
    merging.report.hint(
        HintCode.INCONSISTENT_ENTITY,
        f'Type "{name}" has a @key in {wording.subgraphs(keyed)} but none in {wording.subgraphs(keyless)}.',
        subgraphs=[*keyed, *keyless],
        coordinates=[name],
    )
