"""Takes the `__schema` and `__type` fields out of an operation, to be answered from the API schema."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import print_ast, strip_ignored_characters

from router.graph import text_of
from router.operation.model import FieldSelection, FragmentSelection, Operation, Selection, fields_of
from router.plan import Introspection
from router.planner.selected import variables_in
from router.planner.wanted import INTROSPECTION


def introspection_of(operation: Operation) -> Introspection | None:
    """The introspection part as an operation of its own, under the client's keys; None where there is none."""
    fields = tuple(field for field in fields_of(operation.selections) if field.name in INTROSPECTION)
    if not fields:
        return None
    used = sorted(set(_variables(fields)))
    by_name = {definition.variable.name.value: definition for definition in operation.variables}
    declared = ",".join(strip_ignored_characters(print_ast(by_name[name])) for name in used)
    head = f"query({declared})" if declared else ""
    return Introspection(head + _text(fields), tuple(used))


def _text(selections: tuple[Selection, ...]) -> str:
    return "{" + " ".join(map(_selection_text, selections)) + "}"


def _selection_text(selection: Selection) -> str:
    if isinstance(selection, FragmentSelection):
        return f"...on {selection.on}{_text(selection.selections)}"
    name = selection.name if selection.key == selection.name else f"{selection.key}:{selection.name}"
    arguments = f"({text_of(selection.arguments)})" if selection.arguments else ""
    return f"{name}{arguments}{_text(selection.selections) if selection.selections else ''}"


def _variables(selections: tuple[Selection, ...]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, FieldSelection):
            yield from variables_in(selection.arguments)
        yield from _variables(selection.selections)
