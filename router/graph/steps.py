"""Field sets as chains of fields: a condition holds where each chain can be followed to its leaf, wherever its fields come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from router.graph.needs import Need


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One field of a chain, and the one below it. Compared by identity, so that searches can be remembered cheaply."""

    need: Need
    next: Step | None = None

    def __str__(self) -> str:
        return f"{self.need.name} {{ {self.next} }}" if self.next else self.need.name


def steps_of(needs: Iterable[Need]) -> tuple[Step, ...]:
    """A chain for each leaf."""
    return tuple(step for need in needs for step in _chains(need))


def _chains(need: Need) -> Iterator[Step]:
    if need.is_leaf:
        yield Step(need)
    for child in need.needs:
        for step in _chains(child):
            yield Step(need, step)
