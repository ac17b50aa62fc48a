"""Decides which fields of an operation a caller may have, and marks the others `denied` before anything is planned.

A field is protected by its own rules, those of the type it is selected on and those of the type it returns. A field selected
directly on an interface is also protected by the rules of every type that may stand there: nobody knows yet which will. The
rules of an interface do not pass to its implementers. Without verified tokens everybody is anonymous, so protection holds also
where no issuer was configured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Final

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLWrappingType,
    get_named_type,
)

from router.operation.model import FieldSelection, FragmentSelection, Operation, Selection
from router.security.caller import Caller, View
from router.security.directives import Rule, RuleReader

MESSAGE: Final = "Unauthorized field or type"
CODE_ANONYMOUS: Final = "UNAUTHENTICATED"
CODE_SIGNED_IN: Final = "UNAUTHORIZED_FIELD_OR_TYPE"
EACH: Final = "@"  # stands for a list level in a position, as in Apollo's paths


@dataclass(frozen=True, slots=True)
class Denial:
    """A field that is not given out.

    `position` holds the response keys that lead to it, with "@" for each list level; `coordinate` is `Type.field`.
    """

    position: tuple[str, ...]
    coordinate: str
    code: str

    def formatted(self) -> dict[str, Any]:
        """The GraphQL error that says so. Behind a list there are as many paths as elements: its path ends at the list."""
        return {
            "message": MESSAGE,
            "path": list(takewhile(lambda key: key != EACH, self.position)),
            "extensions": {"code": self.code, "coordinate": self.coordinate},
        }


@dataclass(frozen=True, slots=True)
class Authorized:
    """An operation with its denied fields marked, and one `Denial` for each."""

    operation: Operation
    denials: tuple[Denial, ...]


class Authorization:
    """The rules of one supergraph, compiled once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._protected: Mapping[tuple[str, str], tuple[Rule, ...]] = dict(_protected_fields(schema))
        self._scopes = frozenset(
            scope for rules in self._protected.values() for rule in rules for needed in rule.scopes for scope in needed
        )

    def view(self, caller: Caller) -> View:
        """What of this caller can make a difference."""
        return View(caller.authenticated, caller.scopes & self._scopes) if self._protected else View()

    def authorize(self, operation: Operation, view: View) -> Authorized:
        """Mark what callers of this view may not have."""
        if not self._protected:
            return Authorized(operation, ())
        marker = _Marker(self._protected, view)
        selections = marker.mark(operation.selections, below=())
        return Authorized(replace(operation, selections=selections), tuple(dict.fromkeys(marker.denials)))


class _Marker:
    def __init__(self, protected: Mapping[tuple[str, str], tuple[Rule, ...]], view: View) -> None:
        self._protected = protected
        self._view = view
        self._code = CODE_SIGNED_IN if view.authenticated else CODE_ANONYMOUS
        self.denials: list[Denial] = []

    def mark(self, selections: tuple[Selection, ...], *, below: tuple[str, ...]) -> tuple[Selection, ...]:
        return tuple(self._mark_one(selection, below) for selection in selections)

    def _mark_one(self, selection: Selection, below: tuple[str, ...]) -> Selection:
        if isinstance(selection, FragmentSelection):
            return replace(selection, selections=self.mark(selection.selections, below=below))
        position = (*below, selection.key)
        if not self._allowed(selection):
            self.denials.append(Denial(position, f"{selection.parent}.{selection.name}", self._code))
            return replace(selection, denied=True)
        if not selection.selections:
            return selection
        below = (*position, *(EACH,) * _list_levels(selection.type))
        return replace(selection, selections=self.mark(selection.selections, below=below))

    def _allowed(self, selection: FieldSelection) -> bool:
        rules = self._protected.get((selection.parent, selection.name), ())
        return all(rule.met_by(self._view) for rule in rules)


def _list_levels(type_: GraphQLOutputType) -> int:
    levels = 0
    while isinstance(type_, GraphQLWrappingType):
        levels += isinstance(type_, GraphQLList)
        type_ = type_.of_type
    return levels


def _protected_fields(schema: GraphQLSchema) -> Iterator[tuple[tuple[str, str], tuple[Rule, ...]]]:
    reader = RuleReader(schema)
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
