"""Which hop serves which need: the choice at one object position, by branch and bound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from router.limits import PLACEMENTS_MAX
from router.planner.cover import Take


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One way to serve a need: where one stands (`way` None) or by the hop of that index.

    `left` counts the leaves that stay unserved, `height` the stages of fetches behind one's own.
    """

    take: Take
    way: int | None
    cost: float
    left: int = 0
    height: int = 0


Alternative: TypeAlias = tuple[Choice, ...]
"""One choice that serves a whole need, or several that serve it together."""


def cheapest(needs: Sequence[Sequence[Alternative]], opening: Sequence[float]) -> list[Choice]:
    """The choices of one alternative per need, of least total cost, where a hop that several needs share is paid once.

    `opening[i]` is the price of hop i. Adding a choice never lowers the cost, so cutting a branch that is already as dear as the
    best is exact. Ties go to the earlier alternative, and with it to the subgraph whose name comes first.
    """
    search = _Search(sorted(needs, key=len), opening)
    search.place(0, 0.0)
    return search.best


@dataclass(slots=True)
class _Search:
    needs: Sequence[Sequence[Alternative]]
    opening: Sequence[float]
    best: list[Choice] = field(default_factory=list)
    best_cost: float = math.inf
    placements: int = 0
    _picked: list[Choice] = field(default_factory=list)
    _open: dict[int, int] = field(default_factory=dict)

    def place(self, index: int, cost: float) -> None:
        if index == len(self.needs):
            self.best, self.best_cost = list(self._picked), cost
            return
        for alternative, price in sorted(self._priced(index), key=lambda pair: pair[1]):
            self.placements += 1
            if cost + price >= self.best_cost or (self.best and self.placements > PLACEMENTS_MAX):
                return
            self._pick(alternative)
            self.place(index + 1, cost + price)
            self._unpick(alternative)

    def _priced(self, index: int) -> list[tuple[Alternative, float]]:
        return [(alternative, self._price(alternative)) for alternative in self.needs[index]]

    def _price(self, alternative: Alternative) -> float:
        """What an alternative adds; its choices are of different hops."""
        return sum(choice.cost + self._opening(choice) for choice in alternative)

    def _opening(self, choice: Choice) -> float:
        return 0.0 if choice.way is None or choice.way in self._open else self.opening[choice.way]

    def _pick(self, alternative: Alternative) -> None:
        self._picked.extend(alternative)
        for choice in alternative:
            if choice.way is not None:
                self._open[choice.way] = self._open.get(choice.way, 0) + 1

    def _unpick(self, alternative: Alternative) -> None:
        del self._picked[-len(alternative) :]
        for choice in alternative:
            if choice.way is not None:
                self._open[choice.way] -= 1
                if not self._open[choice.way]:
                    del self._open[choice.way]
