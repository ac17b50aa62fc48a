"""What the arguments are that fields take from a context: values of the nearest object above that sets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.router.federations.served import Served, context_of
from tests.router.federations.world import Thing, World


def context_values(world: World, thing: Thing, name: str) -> Mapping[str, Any]:
    """The arguments of a field of an object that come from above it."""
    taken = world.contextual.get((thing.type, name), {})
    return {argument: _taken(world, thing, subgraph, text) for argument, (subgraph, text) in taken.items()}


def _taken(world: World, thing: Thing, subgraph: str, text: str) -> Any:
    """What the nearest object that sets the context shows."""
    context, selection = context_of(text)
    home = world.federation.served[subgraph]
    setter = next(above for above in _ancestors(thing) if context in _set_by(world, home, above.type))
    shown: Any = world.shown(setter, selection)
    while isinstance(shown, dict):
        (shown,) = shown.values()
    return shown


def _ancestors(thing: Thing) -> Iterator[Thing]:
    above = thing.above
    while above is not None:
        yield above
        above = above.above


def _set_by(world: World, home: Served, type_: str) -> list[str]:
    """The contexts that objects of a type set, by their type or an abstract type of it."""
    return [
        name
        for known, names in home.contexts.items()
        if names and type_ in world.federation.possible(known)
        for name in names
    ]
