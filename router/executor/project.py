"""Shapes the merged tree as the client asked: its keys in its order, and nulls where the API schema puts them.

Source of the null rules: GraphQL specification, section 6.4.4 "Handling Execution Errors", with the types of the API schema.
What a subgraph considers nullable plays no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    is_object_type,
    specified_scalar_types,
)

from router.executor.leaves import NotRepresentable, complete_leaf
from router.executor.report import ClientPath, Report
from router.plan import OutputField, OutputSelection

INVALID_CODE = "RESPONSE_VALIDATION_FAILED"
BUBBLE: Final = object()
"""Stands for a null that the type forbids: whoever receives it becomes null, or passes it on."""

At: TypeAlias = tuple["At | None", str | int]
"""A client path as a linked list, so that only an error pays for building it."""


def project(
    tree: dict[str, Any], output: OutputSelection, *, api: GraphQLSchema, report: Report, path: ClientPath = ()
) -> dict[str, Any] | None:
    """The client's `data`, or the part of it that belongs to the object `tree` at a path.

    Nulls that no reported error explains, and values that do not fit, are added to `report`.
    """
    at: At | None = None
    for step in path:
        at = (at, step)
    data: dict[str, Any] | None = _Projection(api, report).complete_object(tree, output, at)
    return data


class _Place(NamedTuple):
    """The field being completed, and the concrete type that has it: what error messages call it."""

    field: OutputField
    parent: str

    def __str__(self) -> str:
        return f"{self.parent}.{self.field.name}"


@dataclass(frozen=True, slots=True)
class _Projection:
    api: GraphQLSchema
    report: Report

    def complete_object(self, node: Any, selection: OutputSelection, at: At | None) -> dict[str, Any] | None:
        """The object as selected for its runtime type, or None where it cannot be shown or a non-null child is null."""
        if not isinstance(node, dict):
            self._invalid(f"Expected an object of type {selection.type_name}.", at)
            return None
        typename = self._runtime_type(node, selection)
        fields = selection.by_type[typename] if typename is not None else self._nameless(node, selection)
        if fields is None:
            if not self.report.explains(_path(at)):  # the fetch that should have told the type may have failed
                self._invalid(f"The object has no type that is possible for {selection.type_name}.", at)
            return None
        shown: dict[str, Any] = {}
        for field in fields:
            if field.name == "__typename":
                shown[field.key] = typename
                continue
            place = _Place(field, typename or selection.type_name)
            value = self._complete(node.get(field.source), field.type, place, (at, field.key))
            if value is BUBBLE:
                return None
            shown[field.key] = value
        return shown

    def _runtime_type(self, node: dict[str, Any], selection: OutputSelection) -> str | None:
        """The name is looked up, never passed on: an inaccessible type stays unknown to the client."""
        static = is_object_type(self.api.get_type(selection.type_name))
        name = selection.type_name if static else node.get("__typename")
        return name if isinstance(name, str) and name in selection.by_type else None

    def _nameless(self, node: dict[str, Any], selection: OutputSelection) -> tuple[OutputField, ...] | None:
        """What is shown of an object that nobody was asked to name."""
        return selection.nameless if "__typename" not in node else None

    def _complete(self, value: Any, expected: GraphQLOutputType, place: _Place, at: At) -> Any:
        if not isinstance(expected, GraphQLNonNull):
            return self._complete_nullable(value, expected, place, at)
        completed = self._complete_nullable(value, expected.of_type, place, at)
        if completed is not None:
            return completed
        if not self.report.explains(_path(at)):
            self._invalid(f"Cannot return null for non-nullable field {place}.", at)
        return BUBBLE

    def _complete_nullable(self, value: Any, expected: GraphQLOutputType, place: _Place, at: At) -> Any:
        if value is None:
            return None
        if isinstance(expected, GraphQLList):
            return self._complete_list(value, expected.of_type, place, at)
        if place.field.selection is not None:
            return self.complete_object(value, place.field.selection, at)
        if isinstance(expected, GraphQLScalarType | GraphQLEnumType) and _is_checked(expected):
            return self._complete_leaf(value, expected, place, at)
        return value

    def _complete_list(self, value: Any, expected: GraphQLOutputType, place: _Place, at: At) -> list[Any] | None:
        if not isinstance(value, list):
            self._invalid(f"Expected a list for field {place}.", at)
            return None
        shown = []
        for index, element in enumerate(value):
            completed = self._complete(element, expected, place, (at, index))
            if completed is BUBBLE:
                return None
            shown.append(completed)
        return shown

    def _complete_leaf(self, value: Any, expected: GraphQLScalarType | GraphQLEnumType, place: _Place, at: At) -> Any:
        try:
            return complete_leaf(value, expected)
        except NotRepresentable:
            # The value itself stays unsaid: it may be an inaccessible member of an enum.
            self._invalid(f"Field {place} has a value that is no {expected.name}.", at)
            return None

    def _invalid(self, message: str, at: At | None) -> None:
        self.report.add(message, _path(at), {"code": INVALID_CODE})


def _is_checked(expected: GraphQLScalarType | GraphQLEnumType) -> bool:
    """Enums and built-in scalars are checked; what a custom scalar means only its subgraph knows."""
    return isinstance(expected, GraphQLEnumType) or expected.name in specified_scalar_types


def _path(at: At | None) -> ClientPath:
    path: list[str | int] = []
    while at is not None:
        at, part = at
        path.append(part)
    return tuple(reversed(path))
