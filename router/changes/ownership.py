"""Changes of who answers: subgraphs, and the fields that each resolves. Clients see nothing of them, owners do."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType

from router.changes.change import Change, change
from router.changes.kinds import Kind
from router.supergraph import Field, Supergraph


def ownership_changes(old: Supergraph, new: Supergraph) -> Iterator[Change]:
    """Subgraphs that come and go, and fields that clients see in both and that are resolved otherwise."""
    yield from _subgraph_changes(old, new)
    for name, type_ in old.api.type_map.items():
        after = new.types.get(name)
        before = old.types.get(name)
        if before is None or after is None or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field in type_.fields:
            if field in before.fields and field in after.fields:
                yield from _field_changes(before.fields[field], after.fields[field])


def _subgraph_changes(old: Supergraph, new: Supergraph) -> Iterator[Change]:
    for name in old.subgraphs:
        if name not in new.subgraphs:
            yield change(Kind.SUBGRAPH_REMOVED, name, f'The subgraph "{name}" is gone.')
    for name in new.subgraphs:
        if name not in old.subgraphs:
            yield change(Kind.SUBGRAPH_ADDED, name, f'The subgraph "{name}" is new.')


def _field_changes(old: Field, new: Field) -> Iterator[Change]:
    coordinate = f"{old.parent}.{old.name}"
    before, after = _resolvers(old), _resolvers(new)
    gained, lost = sorted(after - before), sorted(before - after)
    if gained and lost:
        message = f"{coordinate} has moved from {_names(lost)} to {_names(gained)}."
        yield change(Kind.FIELD_MOVED, coordinate, message)
    elif gained:
        yield change(Kind.FIELD_RESOLVER_ADDED, coordinate, f"{coordinate} is also resolved by {_names(gained)}.")
    elif lost:
        yield change(Kind.FIELD_RESOLVER_REMOVED, coordinate, f"{coordinate} is no longer resolved by {_names(lost)}.")
    if _override(old) != _override(new):
        message = f"{coordinate}: {_override(new) or 'no override'}; before, {_override(old) or 'no override'}."
        yield change(Kind.OVERRIDE_CHANGED, coordinate, message)


def _resolvers(field: Field) -> set[str]:
    return {name for name, given in field.by_subgraph.items() if given.resolvable}


def _override(field: Field) -> str:
    """Who overrides whom, in words; empty where nobody does."""
    found = (
        f'"{name}" overrides "{given.override}"' + (f" where {given.override_label}" if given.override_label else "")
        for name, given in sorted(field.by_subgraph.items())
        if given.override is not None
    )
    return ", ".join(found)


def _names(subgraphs: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in subgraphs)
