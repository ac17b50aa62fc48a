"""Which hop serves which need: the choice at one object position, by branch and bound."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeAlias

from router.limits import PLACEMENTS_MAX
from router.planner.cover import Take


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One way to serve a need: where one stands (`way` None) or by the fetch of that index.

    `left` counts the leaves that stay unserved, `height` the stages of fetches behind one's own. `behind` are the fetches that
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


_Ways: TypeAlias = tuple[int, ...]
_Price: TypeAlias = tuple[float, _Ways]
"""What an alternative costs, and the hops that it needs open."""


@dataclass(slots=True)
class Placements:
    """How often the searches of one plan have tried a choice."""

    tried: int = 0


def cheapest(
    needs: Sequence[Sequence[Alternative]], opening: Sequence[Opening], placements: Placements
) -> list[Choice]:
    """The choices of one alternative per need, of least total cost, where a hop that several needs share is paid once.

    `opening[i]` is that of hop i. A branch is cut where what it costs already and what is left must cost at least come to the
    best known, which is exact; needs with the same prices choose alike, and are one choice. Ties go to the earlier alternative,
    and with it to the subgraph whose name comes first.
    """
    offers = sorted(([_offer(each, opening) for each in alternatives] for alternatives in needs), key=len)
    alike = Counter(map(_prices, offers))
    totals = [[(cost * count, ways) for cost, ways in prices] for prices, count in alike.items()]
    search = _Search(totals, [each.price for each in opening], placements)
    search.place(0, 0.0)
    picked = dict(zip(alike, search.best, strict=True))
    return [choice for same in offers for choice in same[picked[_prices(same)]].choices]


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
    price: _Price


def _offer(alternative: Alternative, opening: Sequence[Opening]) -> _Offer:
    return _Offer(
        alternative, (sum(choice.cost for choice in alternative), tuple(sorted(opened(alternative, opening))))
    )


def _prices(offers: Iterable[_Offer]) -> tuple[_Price, ...]:
    return tuple(offer.price for offer in offers)


@dataclass(slots=True)
class _Search:
    """The search: for each of the `needs`, which of its prices is paid, as `best` tells by index.

    `least` is what the needs from each on cost at least, were all hops open.
    """

    needs: Sequence[Sequence[_Price]]
    openings: Sequence[float]
    placements: Placements
    best: list[int] = field(default_factory=list)
    best_cost: float = math.inf
    least: list[float] = field(init=False)
    _picked: list[int] = field(default_factory=list)
    _open: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        each = (min(cost for cost, _ in prices) for prices in reversed(self.needs))
        self.least = [*accumulate(each, initial=0.0)][::-1]

    def place(self, index: int, cost: float) -> None:
        """Choose for the needs from one on, where those before it cost this much."""
        if index == len(self.needs):
            self.best, self.best_cost = list(self._picked), cost
            return
        for price, number, ways in sorted(self._priced(index)):
            self.placements.tried += 1
            if cost + price + self.least[index + 1] >= self.best_cost:
                return
            if self.best and self.placements.tried > PLACEMENTS_MAX:
                return
            self._pick(number, ways)
            if not self.best or cost + price + self._at_least(index + 1) < self.best_cost:
                self.place(index + 1, cost + price)
            self._unpick(ways)

    def _at_least(self, index: int) -> float:
        """What the needs from one on cost at least: of those that have no closed hop in common, each has to open one."""
        total = self.least[index]
        counted: set[int] = set()
        for prices in self.needs[index:]:
            closed = [[way for way in ways if way not in self._open] for _, ways in prices]
            if all(closed) and counted.isdisjoint(way for ways in closed for way in ways):
                counted.update(way for ways in closed for way in ways)
                total += min(self._to_open(ways) for ways in closed)
        return total

    def _priced(self, index: int) -> list[tuple[float, int, _Ways]]:
        return [(cost + self._to_open(ways), number, ways) for number, (cost, ways) in enumerate(self.needs[index])]

    def _to_open(self, ways: Iterable[int]) -> float:
        return sum(self.openings[way] for way in ways if way not in self._open)

    def _pick(self, number: int, ways: _Ways) -> None:
        self._picked.append(number)
        for way in ways:
            self._open[way] = self._open.get(way, 0) + 1

    def _unpick(self, ways: _Ways) -> None:
        self._picked.pop()
        for way in ways:
            self._open[way] -= 1
            if not self._open[way]:
                del self._open[way]
