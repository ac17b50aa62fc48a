"""Which rules protect each field of a schema.

A field is protected by its own rules, those of the type it is selected on and those of the type it returns. A field selected
directly on an interface is also protected by the rules of every type that may stand there: nobody knows yet which will. The
rules of an interface do not pass to its implementers.

Composition writes on an interface what its implementations demand, for clients that ask through it. Whoever returns the
interface need not demand that again, or one closed implementation would close all of them, fragments on the others included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import product
from math import prod
from typing import Any, TypeAlias

from graphql import GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema, get_named_type

from router.limits import INHERITED_ALTERNATIVES_MAX
from router.security.directives import Alternatives, Rule, RuleReader

Rules: TypeAlias = tuple[Rule, ...]


class Protection:
    """The rules of a schema: by field as (type, field), and by type; elements without any are left out."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._reader = RuleReader(schema)
        self.types: Mapping[str, Rules] = {
            name: rules for name, type_ in schema.type_map.items() if (rules := self._reader.rules(type_))
        }
        self.fields: Mapping[tuple[str, str], Rules] = dict(self._protected_fields())

    def _protected_fields(self) -> Iterator[tuple[tuple[str, str], Rules]]:
        for name, type_ in self._schema.type_map.items():
            if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
                continue
            for field_name in type_.fields:
                if rules := tuple(dict.fromkeys(self._of_field(type_, field_name))):
                    yield (name, field_name), rules

    def _of_field(self, type_: Any, field_name: str) -> Iterator[Rule]:
        holders = [type_]
        if isinstance(type_, GraphQLInterfaceType):
            holders += self._schema.get_possible_types(type_)
        for holder in holders:
            yield from self._reader.rules(holder)
            if (field := holder.fields.get(field_name)) is not None:
                yield from self._reader.rules(field)
                yield from self._where_returned(get_named_type(field.type))

    def _where_returned(self, type_: GraphQLNamedType) -> Rules:
        rules = self._reader.rules(type_)
        if not rules or not isinstance(type_, GraphQLInterfaceType):
            return rules
        implementations = self._schema.get_possible_types(type_)
        demanded = list(dict.fromkeys(rule for each in implementations for rule in self._reader.rules(each)))
        return tuple(rule for rule in rules if not _follows(rule, demanded))


def _follows(rule: Rule, demanded: list[Rule]) -> bool:
    """Whether everybody who meets all that is demanded meets the rule, too. Where that is too much to find out, no."""
    return (
        (not rule.signed_in or any(other.signed_in for other in demanded))
        and _covered(rule.scopes, [other.scopes for other in demanded])
        and _covered(rule.policies, [other.policies for other in demanded])
    )


def _covered(alternatives: Alternatives, demanded: list[Alternatives]) -> bool:
    if prod(map(len, demanded)) > INHERITED_ALTERNATIVES_MAX:
        return False
    ways = (reduce(frozenset.union, way, frozenset[str]()) for way in product(*demanded))
    return all(any(needed <= way for needed in alternatives) for way in ways)
