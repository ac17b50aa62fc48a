"""Which hop serves which need: the choice at one object position, by branch and bound."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from router.limits import PLACEMENTS_MAX
from router.planner.cover import Take


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One way to serve a need: where one stands (`way` None) or by the hop of that index.

    `left` counts the leaves that stay unserved, `height` the stages of fetches behind one's own. `behind` are the hops that
    bring the inputs of the field; their prices are not in `cost`.
    """

    take: Take
    way: int | None
    cost: float
    left: int = 0
    height: int = 0
    behind: tuple[int, ...] = ()


Alternative: TypeAlias = tuple[Choice, ...]
"""One choice that serves a whole need, or several that serve it together."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a hop costs where the hops `behind` it, which bring its key, are open."""

    price: float
    behind: tuple[int, ...] = ()


def cheapest(needs: Sequence[Sequence[Alternative]], opening: Sequence[Opening]) -> list[Choice]:
    """The choices of one alternative per need, of least total cost, where a hop that several needs share is paid once.

    `opening[i]` is that of hop i. Adding a choice never lowers the cost, so cutting a branch that is already as dear as the
    best is exact. Ties go to the earlier alternative, and with it to the subgraph whose name comes first.
    """
    offers = [[_offer(alternative, opening) for alternative in alternatives] for alternatives in needs]
    search = _Search(sorted(offers, key=len), [each.price for each in opening])
    search.place(0, 0.0)
    return [choice for offer in search.best for choice in offer.choices]


def opened(choices: Iterable[Choice], opening: Sequence[Opening]) -> set[int]:
    """The hops that the choices take, those behind them included."""
    found: set[int] = set()
    for choice in choices:
        for way in choice.behind if choice.way is None else (choice.way, *choice.behind):
            found.update((way, *opening[way].behind))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Offer:
    choices: Alternative
    cost: float
    ways: tuple[int, ...]


def _offer(alternative: Alternative, opening: Sequence[Opening]) -> _Offer:
    return _Offer(alternative, sum(choice.cost for choice in alternative), tuple(opened(alternative, opening)))


@dataclass(slots=True)
class _Search:
    needs: Sequence[Sequence[_Offer]]
    prices: Sequence[float]
    best: list[_Offer] = field(default_factory=list)
    best_cost: float = math.inf
    placements: int = 0
    _picked: list[_Offer] = field(default_factory=list)
    _open: dict[int, int] = field(default_factory=dict)

    def place(self, index: int, cost: float) -> None:
        if index == len(self.needs):
            self.best, self.best_cost = list(self._picked), cost
            return
        for offer, price in sorted(self._priced(index), key=lambda pair: pair[1]):
            self.placements += 1
            if cost + price >= self.best_cost or (self.best and self.placements > PLACEMENTS_MAX):
                return
            self._pick(offer)
            self.place(index + 1, cost + price)
            self._unpick(offer)

    def _priced(self, index: int) -> list[tuple[_Offer, float]]:
        return [(offer, offer.cost + self._opening(offer)) for offer in self.needs[index]]

    def _opening(self, offer: _Offer) -> float:
        return sum(self.prices[way] for way in offer.ways if way not in self._open)

    def _pick(self, offer: _Offer) -> None:
        self._picked.append(offer)
        for way in offer.ways:
            self._open[way] = self._open.get(way, 0) + 1

    def _unpick(self, offer: _Offer) -> None:
        self._picked.pop()
        for way in offer.ways:
            self._open[way] -= 1
            if not self._open[way]:
                del self._open[way]
