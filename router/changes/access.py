"""Changes of who may ask: what @authenticated, @requiresScopes and @policy demand of callers."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema

from router.changes.change import Change, change
from router.changes.kinds import Kind
from router.security.directives import NOTHING, Alternatives, Rule, RuleReader
from router.supergraph import Supergraph

_WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType)


def access_changes(old: Supergraph, new: Supergraph) -> Iterator[Change]:
    """Types and fields that clients see in both supergraphs and that demand more or less than before."""
    before, after = RuleReader(old.full), RuleReader(new.full)
    for name, type_ in old.api.type_map.items():
        changed = new.api.type_map.get(name)
        if changed is None or name not in old.types:
            continue
        yield from _changes(before.rules(old.full.type_map[name]), after.rules(new.full.type_map[name]), name)
        for field in _common_fields(type_, changed):
            elements = (_field(schema, name, field) for schema in (old.full, new.full))
            yield from _changes(before.rules(next(elements)), after.rules(next(elements)), f"{name}.{field}")


def _common_fields(old: GraphQLNamedType, new: GraphQLNamedType) -> list[str]:
    if isinstance(old, _WITH_FIELDS) and isinstance(new, _WITH_FIELDS):
        return [name for name in old.fields if name in new.fields]
    return []


def _field(schema: GraphQLSchema, type_name: str, name: str) -> GraphQLField:
    type_ = schema.type_map[type_name]
    assert isinstance(type_, _WITH_FIELDS), "what clients see of a type is of its kind"
    field: GraphQLField = type_.fields[name]
    return field


def _changes(old: tuple[Rule, ...], new: tuple[Rule, ...], coordinate: str) -> Iterator[Change]:
    added, removed = (
        " and ".join(map(_demand, (rule for rule in rules if rule not in others)))
        for rules, others in ((new, old), (old, new))
    )
    if added:
        message = f"{coordinate} now demands {added}" + (f" in place of {removed}." if removed else ".")
        yield change(Kind.AUTHORIZATION_ADDED, coordinate, message)
    elif removed:
        yield change(Kind.AUTHORIZATION_REMOVED, coordinate, f"{coordinate} no longer demands {removed}.")


def _demand(rule: Rule) -> str:
    if rule.policies != NOTHING:
        return "the policies " + _either(rule.policies)
    if rule.scopes == NOTHING:
        return "a caller who has signed in"
    return "the scopes " + _either(rule.scopes)


def _either(alternatives: Alternatives) -> str:
    return " or ".join("+".join(sorted(needed)) for needed in alternatives)
