"""Decides which fields of an operation a caller may have, and marks the others `denied` before anything is planned.

A field is protected by its own rules, those of the type it is selected on and those of the type it returns. A field selected
directly on an interface is also protected by the rules of every type that may stand there: nobody knows yet which will. The
rules of an interface do not pass to its implementers. Without verified tokens everybody is anonymous, so protection holds also
where no issuer was configured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, get_named_type

from router.operation.model import FieldSelection, Operation, Selection
from router.security.caller import Caller, View
from router.security.denial import Denial
from router.security.directives import Rule, RuleReader
from router.security.marking import Marker, Rules

__all__ = ["Authorization", "Authorized", "Denial"]


@dataclass(frozen=True, slots=True)
class Authorized:
    """An operation with its denied fields marked, and a `Denial` for each."""

    operation: Operation
    denials: tuple[Denial, ...]


class Authorization:
    """The rules of one supergraph, compiled once. In a dry run what is denied is found but not marked."""

    def __init__(self, schema: GraphQLSchema, *, dry_run: bool = False) -> None:
        reader = RuleReader(schema)
        self._fields: Mapping[tuple[str, str], Rules] = dict(_protected_fields(schema, reader))
        self._types: Mapping[str, Rules] = {
            name: rules for name, type_ in schema.type_map.items() if (rules := reader.rules(type_))
        }
        every = [rule for rules in self._fields.values() for rule in rules]
        self._scopes = frozenset().union(*(needed for rule in every for needed in rule.scopes))
        self._policies = frozenset().union(*(needed for rule in every for needed in rule.policies))
        self._withholds = not dry_run

    @property
    def protects(self) -> bool:
        """Whether the supergraph has any rule at all."""
        return bool(self._fields)

    @property
    def has_policies(self) -> bool:
        """Whether some rule names a policy."""
        return bool(self._policies)

    def view(self, caller: Caller, policies: frozenset[str] = frozenset()) -> View:
        """What of this caller can make a difference; `policies` are those it was granted."""
        return View(caller.authenticated, caller.scopes & self._scopes, policies) if self._fields else View()

    def policies_met(self, operation: Operation) -> frozenset[str]:
        """The policies that decide on some field of the operation."""
        return frozenset(self._policies_below(operation.selections)) if self._policies else frozenset()

    def authorize(self, operation: Operation, view: View) -> Authorized:
        """Mark what callers of this view may not have."""
        if not self._fields:
            return Authorized(operation, ())
        marker = Marker(self._fields, self._types, view, withholds=self._withholds)
        selections = marker.mark(operation.selections)
        return Authorized(replace(operation, selections=selections), marker.denials)

    def _policies_below(self, selections: tuple[Selection, ...]) -> Iterator[str]:
        for selection in selections:
            if isinstance(selection, FieldSelection):
                for rule in self._fields.get((selection.parent, selection.name), ()):
                    for needed in rule.policies:
                        yield from needed
            yield from self._policies_below(selection.selections)


def _protected_fields(schema: GraphQLSchema, reader: RuleReader) -> Iterator[tuple[tuple[str, str], Rules]]:
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field_name in type_.fields:
            if rules := tuple(dict.fromkeys(_rules_of_field(schema, reader, type_, field_name))):
                yield (name, field_name), rules


def _rules_of_field(schema: GraphQLSchema, reader: RuleReader, type_: Any, field_name: str) -> Iterator[Rule]:
    holders = [type_]
    if isinstance(type_, GraphQLInterfaceType):
        holders += schema.get_possible_types(type_)
    for holder in holders:
        yield from reader.rules(holder)
        if (field := holder.fields.get(field_name)) is not None:
            yield from reader.rules(field)
            yield from reader.rules(get_named_type(field.type))
