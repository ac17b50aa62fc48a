"""Which objects at a place are meant, by the types that the objects above them have.

Where an abstract position is served type by type, what is fetched below one type says nothing about the others. Combinations of
types on the way down are many, and ways to serve them few: a scope is a decision diagram, in which equal parts are one.
Source: Bryant, "Graph-Based Algorithms for Boolean Function Manipulation" (1986), with types in the place of truth values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol, TypeAlias

from router.plan import Path

Further: TypeAlias = "tuple[tuple[str, Scope], ...]"


class Fork(Protocol):
    """A place where objects of several types may stand. It holds the scopes that ask for theirs last, each once."""

    types: frozenset[str]
    path: Path
    scopes: dict[Further, Scope]


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Objects, by the types at the deepest fork above them that matters: for each type, what has to hold further up.

    Scopes of the same objects are the same scope.
    """

    fork: Fork | None = None
    above: Further = ()
    _covers: dict[Scope, bool] = field(default_factory=dict, repr=False)
    _united: dict[Scope, Scope] = field(default_factory=dict, repr=False)

    def below(self, fork: Fork, types: Iterable[str]) -> Scope:
        """The scope one position deeper, under objects of `types` at a fork that is deeper than all of this scope's."""
        return _scope(fork, dict.fromkeys(types, self)) if len(fork.types) > 1 else self

    def covers(self, other: Scope) -> bool:
        """Whether every object in `other` is in this scope."""
        if self is other or self is EVERYWHERE or other is NOWHERE:
            return True
        if self is NOWHERE or other is EVERYWHERE:
            return False
        known = self._covers.get(other)
        if known is None:
            known = self._covers[other] = all(mine.covers(its) for _, mine, its in _branches(self, other))
        return known

    def meets(self, other: Scope) -> bool:
        """Whether some object may be in both scopes."""
        if self is NOWHERE or other is NOWHERE:
            return False
        if self is other or self is EVERYWHERE or other is EVERYWHERE:
            return True
        return any(mine.meets(its) for _, mine, its in _branches(self, other))

    def united(self, other: Scope) -> Scope:
        """The objects of both scopes."""
        if self.covers(other):
            return self
        if other.covers(self):
            return other
        known = self._united.get(other)
        if known is None:
            fork = _deeper(self, other)
            known = _scope(fork, {type_: mine.united(its) for type_, mine, its in _branches(self, other)})
            self._united[other] = known
        return known

    def united_all(self, others: Iterable[Scope]) -> Scope:
        """The objects of this scope and of all the others."""
        return reduce(Scope.united, others, self)

    @property
    def guards(self) -> tuple[tuple[Fork, frozenset[str]], ...] | None:
        """The types at each fork, where those at one do not depend on those at another; else None."""
        guards: list[tuple[Fork, frozenset[str]]] = []
        scope = self
        while scope.fork is not None:
            guards.append((scope.fork, frozenset(type_ for type_, _ in scope.above)))
            further_up = {above for _, above in scope.above}
            if len(further_up) > 1:
                return None
            (scope,) = further_up
        return tuple(guards)

    def at(self, fork: Fork, type_: str) -> Scope:
        """What has to hold above objects of a type at a fork."""
        return dict(self.above).get(type_, NOWHERE) if self.fork is fork else self


EVERYWHERE = Scope()
NOWHERE = Scope()


def _branches(one: Scope, other: Scope) -> Iterator[tuple[str, Scope, Scope]]:
    """Two scopes by the types at the deepest fork of either."""
    fork = _deeper(one, other)
    for type_ in sorted(fork.types):
        yield type_, one.at(fork, type_), other.at(fork, type_)


def _deeper(one: Scope, other: Scope) -> Fork:
    forks = [scope.fork for scope in (one, other) if scope.fork is not None]
    return max(forks, key=lambda fork: len(fork.path))


def _scope(fork: Fork, above: Mapping[str, Scope]) -> Scope:
    """The one scope that asks this of the types at a fork; a fork that all types pass alike does not matter."""
    kept = {type_: scope for type_, scope in above.items() if scope is not NOWHERE}
    if not kept:
        return NOWHERE
    first = next(iter(kept.values()))
    if kept.keys() >= fork.types and all(scope is first for scope in kept.values()):
        return first
    key = tuple((type_, kept[type_]) for type_ in sorted(kept))
    return fork.scopes.setdefault(key, Scope(fork, key))
