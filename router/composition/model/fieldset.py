"""Sets of fields (`id owner { id }`): reading, printing in canonical form, and the fields of a schema that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from router.composition.model.schema import COMPOSITE_KINDS, Field, Schema
from router.composition.model.typeref import base_name


class FieldSetError(ValueError):
    """A field set that does not parse; the message says why."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A field named by a set: its node, its parent type, its definition there (None where the type has no such field)."""

    parent: str
    node: FieldNode
    field: Field | None


def parse_field_set(text: str) -> SelectionSetNode:
    """Parse a field set, with or without outer braces.

    Raises FieldSetError where it does not parse, is empty, or holds more than one selection set.
    """
    body = text.strip()
    if not body.startswith("{"):
        body = f"{{{body}}}"
    try:
        document = parse(body)
    except GraphQLSyntaxError as error:
        raise FieldSetError(error.message) from error
    if len(document.definitions) != 1:
        raise FieldSetError("expected one set of fields")
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    if _has_empty_selection(operation.selection_set):
        raise FieldSetError("a set of fields is empty")
    return operation.selection_set


def _has_empty_selection(selections: SelectionSetNode) -> bool:
    """The parser lets `{}` pass."""
    nested = (getattr(selection, "selection_set", None) for selection in selections.selections)
    return not selections.selections or any(_has_empty_selection(inner) for inner in nested if inner is not None)


def print_field_set(selections: SelectionSetNode) -> str:
    """The set on one line, single spaces, no outer braces."""
    return " ".join(_print_selection(selection) for selection in selections.selections)


def normalized(text: str) -> str:
    """The canonical text of a field set that is known to parse."""
    return print_field_set(parse_field_set(text))


def select(schema: Schema, type_name: str, selections: SelectionSetNode) -> Iterator[Selected]:
    """Every field that the set names, depth first; what lies below an unknown field or type is passed over."""
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            if selection.name.value == "__typename":
                continue
            found = schema.find_field(type_name, selection.name.value)
            yield Selected(type_name, selection, found)
            if found is not None and selection.selection_set is not None:
                yield from select(schema, base_name(found.type), selection.selection_set)
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition.name.value if selection.type_condition else type_name
            if condition in schema.types:
                yield from select(schema, condition, selection.selection_set)


def named_fields(schema: Schema, type_name: str, text: str | None) -> set[str]:
    """The coordinates of the fields that a set names; for interface fields those of the implementations too.

    Empty where the set does not parse: that is another rule's to report.
    """
    try:
        selections = parse_field_set(text or "")
    except FieldSetError:
        return set()
    found: set[str] = set()
    for selected in select(schema, type_name, selections):
        if selected.field is None:
            continue
        found.add(selected.field.coordinate)
        for concrete in schema.possible(selected.parent):
            implementation = schema.find_field(concrete, selected.field.name)
            if implementation is not None:
                found.add(implementation.coordinate)
    return found


def problems(schema: Schema, type_name: str, selections: SelectionSetNode) -> Iterator[str]:
    """What makes the set unfit for a type: unknown fields, aliases, fragments, missing or needless sub-selections."""
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            yield from _field_problems(schema, type_name, selection)
        elif isinstance(selection, InlineFragmentNode):
            yield from _fragment_problems(schema, type_name, selection)
        elif isinstance(selection, FragmentSpreadNode):
            yield f'named fragments ("...{selection.name.value}") cannot be used in a field set'


def _field_problems(schema: Schema, type_name: str, node: FieldNode) -> Iterator[str]:
    name = node.name.value
    if node.alias is not None:
        yield f'cannot use the alias "{node.alias.value}" in "{node.alias.value}: {name}": aliases are not supported here'
    if name == "__typename":
        return
    found = schema.find_field(type_name, name)
    if found is None:
        way_out = ""
        if schema.types[type_name].kind == "UNION":
            way_out = f' (it is a union: write "... on <Member> {{ {name} }}")'
        yield f'cannot query field "{name}" on type "{type_name}"{way_out}'
        return
    target = schema.types.get(base_name(found.type))
    if target is None or target.kind not in COMPOSITE_KINDS:
        if node.selection_set is not None:
            yield f'field "{found.coordinate}" is of type "{found.type}" and takes no selection'
        return
    if node.selection_set is None:
        yield f'field "{found.coordinate}" is of type "{found.type}" and needs a selection: write "{name} {{ … }}"'
        return
    yield from problems(schema, target.name, node.selection_set)


def _fragment_problems(schema: Schema, type_name: str, node: InlineFragmentNode) -> Iterator[str]:
    condition = node.type_condition.name.value if node.type_condition else type_name
    target = schema.types.get(condition)
    if target is None or target.kind not in COMPOSITE_KINDS:
        yield f'the fragment is on "{condition}", which is not an object, interface or union of this subgraph'
    elif not set(schema.possible(type_name)) & set(schema.possible(condition)):
        yield f'the fragment on "{condition}" can never apply within "{type_name}"'
    else:
        yield from problems(schema, condition, node.selection_set)


def _print_selection(selection: object) -> str:
    if isinstance(selection, FieldNode):
        alias = f"{selection.alias.value}: " if selection.alias else ""
        arguments = ", ".join(print_ast(argument) for argument in selection.arguments or ())
        head = f"{alias}{selection.name.value}{f'({arguments})' if arguments else ''}"
        body = selection.selection_set
    else:
        assert isinstance(selection, InlineFragmentNode)
        head = f"... on {selection.type_condition.name.value}" if selection.type_condition else "..."
        body = selection.selection_set
    return f"{head} {{ {print_field_set(body)} }}" if body is not None else head
