"""What a deliberate difference is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.composition.outcome import Pair


@dataclass(frozen=True, slots=True)
class Difference:
    """A narrow change to the two outcomes that makes them equal in just that.

    `heading` is that of the paragraph in docs/composition-differences.md which gives the reason. `adjust` returns an equal
    pair where the difference is not met.
    """

    heading: str
    adjust: Callable[[Pair], Pair]
