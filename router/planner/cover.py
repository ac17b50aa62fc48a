"""What the search decides: how the needs of one node are served, by which fields, and by going where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from graphql import ArgumentNode

from router.graph import Entry, FieldEdge, Need

Target: TypeAlias = tuple[str, str]
"""Where a way leads: a subgraph, and what it calls the type."""

Visit: TypeAlias = tuple[Target, int]
"""A fetch at an object position: where it leads, and its stage. What needs inputs visits a subgraph later than what needs none."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Select the field of `need` along `edge`, and below it what `cover` says; `given` are arguments that no client gives."""

    need: Need
    edge: FieldEdge
    cover: Cover | None = None
    given: tuple[ArgumentNode, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Narrow:
    """Go on with the objects of one concrete type."""

    type: str
    cover: Cover


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """Enter another subgraph (or the same again, with inputs), take fields there, and go on with `then`."""

    entry: Entry
    takes: tuple[Take, ...] = ()
    then: Cover | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """How needs are served from a node.

    `rest` is what cannot be served from there. `height` is how many stages of fetches come behind the node's own. `visits` are
    the fetches that the hops make, and those behind them.
    """

    takes: tuple[Take, ...] = ()
    narrows: tuple[Narrow, ...] = ()
    hops: tuple[Hop, ...] = ()
    rest: tuple[Need, ...] = ()
    cost: float = 0.0
    height: int = 0
    visits: tuple[Visit, ...] = ()


NOTHING = Cover()
