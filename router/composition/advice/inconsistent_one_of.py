"""INCONSISTENT_ONE_OF: an input object is @oneOf in some subgraphs only; it is so for clients."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging


def hint(name: str, merging: Merging, *, strict: Sequence[str], lenient: Sequence[str]) -> None:
    """Tell whose strictness reaches clients: what fits @oneOf fits the plain input object too."""
    merging.report.hint(
        HintCode.INCONSISTENT_ONE_OF,
        f'Input object "{name}" is @oneOf in {wording.presence(strict, lenient)}: it is @oneOf for clients.',
        subgraphs=[*strict, *lenient],
        coordinates=[name],
    )
