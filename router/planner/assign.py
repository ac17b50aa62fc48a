"""Which hop serves which need: the choice at one object position, by branch and bound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

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


def cheapest(needs: Sequence[Sequence[Choice]], opening: Sequence[float]) -> list[Choice]:
    """One choice per need, of least total cost, where a hop that several needs share is paid once.

    `opening[i]` is the price of hop i. Adding a choice never lowers the cost, so cutting a branch that is already as dear as the
    best is exact. Ties go to the earlier choice, and with it to the subgraph whose name comes first.
    """
    search = _Search(sorted(needs, key=len), opening)
    search.place(0, 0.0)
    return search.best


@dataclass(slots=True)
class _Search:
    needs: Sequence[Sequence[Choice]]
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
        for choice, price in sorted(self._priced(index), key=lambda pair: pair[1]):
            self.placements += 1
            if cost + price >= self.best_cost or (self.best and self.placements > PLACEMENTS_MAX):
                return
            self._pick(choice)
            self.place(index + 1, cost + price)
            self._unpick(choice)

    def _priced(self, index: int) -> list[tuple[Choice, float]]:
        return [(choice, choice.cost + self._opening(choice)) for choice in self.needs[index]]

    def _opening(self, choice: Choice) -> float:
        return 0.0 if choice.way is None or choice.way in self._open else self.opening[choice.way]

    def _pick(self, choice: Choice) -> None:
        self._picked.append(choice)
        if choice.way is not None:
            self._open[choice.way] = self._open.get(choice.way, 0) + 1

    def _unpick(self, choice: Choice) -> None:
        self._picked.pop()
        if choice.way is not None:
            self._open[choice.way] -= 1
            if not self._open[choice.way]:
                del self._open[choice.way]
