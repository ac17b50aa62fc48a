"""Changes of the directives that operations may carry; those that stand in schemas only are nothing to clients."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveLocation, GraphQLDirective, GraphQLSchema

from router.changes.change import Change, change
from router.changes.inputs import argument_changes
from router.changes.kinds import Kind
from router.changes.words import description_changes

EXECUTABLE = frozenset(
    {
        DirectiveLocation.QUERY,
        DirectiveLocation.MUTATION,
        DirectiveLocation.SUBSCRIPTION,
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_DEFINITION,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
        DirectiveLocation.VARIABLE_DEFINITION,
    }
)


def directive_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Directives that are new, gone, or may be used otherwise."""
    before, after = _executable(old), _executable(new)
    for name in {**before, **after}:
        coordinate = f"@{name}"
        if name not in after:
            yield change(Kind.DIRECTIVE_REMOVED, coordinate, f"The directive {coordinate} is gone.")
        elif name not in before:
            yield change(Kind.DIRECTIVE_ADDED, coordinate, f"The directive {coordinate} is new.")
        else:
            yield from _changes(before[name], after[name], coordinate)


def _executable(schema: GraphQLSchema) -> dict[str, GraphQLDirective]:
    return {directive.name: directive for directive in schema.directives if EXECUTABLE & set(directive.locations)}


def _changes(old: GraphQLDirective, new: GraphQLDirective, coordinate: str) -> Iterator[Change]:
    yield from argument_changes(old.args, new.args, coordinate)
    yield from description_changes(old, new, coordinate)
    before, after = (EXECUTABLE & set(directive.locations) for directive in (old, new))
    for location in _sorted(before - after):
        message = f"{coordinate} may no longer stand on {location}."
        yield change(Kind.DIRECTIVE_LOCATION_REMOVED, coordinate, message, concerns=f"{coordinate} on {location}")
    for location in _sorted(after - before):
        yield change(Kind.DIRECTIVE_LOCATION_ADDED, coordinate, f"{coordinate} may stand on {location} too.")
    if old.is_repeatable and not new.is_repeatable:
        yield change(Kind.DIRECTIVE_REPEATABLE_REMOVED, coordinate, f"{coordinate} may no longer be repeated.")
    elif new.is_repeatable and not old.is_repeatable:
        yield change(Kind.DIRECTIVE_REPEATABLE_ADDED, coordinate, f"{coordinate} may be repeated.")


def _sorted(locations: frozenset[DirectiveLocation]) -> list[str]:
    return sorted(location.name for location in locations)
