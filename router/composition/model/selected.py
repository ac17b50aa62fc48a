"""What a set of fields comes to on a schema: the fields that it names, and what makes it unfit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from router.composition.model.fieldset import condition_of
from router.composition.model.literal import misfit
from router.composition.model.schema import ABSTRACT_KINDS, COMPOSITE_KINDS, Field, Schema
from router.composition.model.typeref import base_name


@dataclass(frozen=True, slots=True)
class Selected:
    """A field named by a set: its node, its parent type, its definition there (None where the type has no such field)."""

    parent: str
    node: FieldNode
    field: Field | None


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
            condition = condition_of(selection, type_name)
            if condition in schema.types:
                yield from select(schema, condition, selection.selection_set)


def problems(
    schema: Schema, type_name: str, selections: SelectionSetNode, *, abstract_ends: bool = False
) -> Iterator[str]:
    """What makes a set unfit for a type: unknown fields and arguments, aliases, wrong fragments and selections.

    With `abstract_ends` nothing is said of what lies below fields of interface or union type.
    """
    return _Inspection(schema, abstract_ends).problems(type_name, selections)


@dataclass(frozen=True, slots=True)
class _Inspection:
    schema: Schema
    abstract_ends: bool

    def problems(self, type_name: str, selections: SelectionSetNode) -> Iterator[str]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield from self.field(type_name, selection)
            elif isinstance(selection, InlineFragmentNode):
                yield from self.fragment(type_name, selection)
            elif isinstance(selection, FragmentSpreadNode):
                yield f'named fragments ("...{selection.name.value}") cannot be used in a field set'

    def field(self, type_name: str, node: FieldNode) -> Iterator[str]:
        name = node.name.value
        if node.alias is not None:
            alias = node.alias.value
            yield f'cannot use the alias "{alias}" in "{alias}: {name}": aliases are not supported here'
        if name == "__typename":
            if node.arguments or node.selection_set is not None:
                yield '"__typename" takes neither arguments nor a selection'
            return
        found = self.schema.find_field(type_name, name)
        if found is None:
            yield f'cannot query field "{name}" on type "{type_name}"{self.way_to(name, type_name)}'
            return
        yield from argument_problems(self.schema, found, node)
        yield from self.selection_of(found, node)

    def way_to(self, name: str, type_name: str) -> str:
        if self.schema.types[type_name].kind == "UNION":
            return f' (it is a union: write "... on <Member> {{ {name} }}")'
        return " (add the field to this subgraph, with @external if another resolves it)"

    def selection_of(self, found: Field, node: FieldNode) -> Iterator[str]:
        target = self.schema.types.get(base_name(found.type))
        if target is None or target.kind not in COMPOSITE_KINDS:
            if node.selection_set is not None:
                yield f'field "{found.coordinate}" is of type "{found.type}" and takes no selection'
        elif self.abstract_ends and target.kind in ABSTRACT_KINDS:
            return
        elif node.selection_set is None:
            way_out = f'write "{found.name} {{ … }}"'
            yield f'field "{found.coordinate}" is of type "{found.type}" and needs a selection: {way_out}'
        else:
            yield from self.problems(target.name, node.selection_set)

    def fragment(self, type_name: str, node: InlineFragmentNode) -> Iterator[str]:
        condition = condition_of(node, type_name)
        target = self.schema.types.get(condition)
        if target is None or target.kind not in COMPOSITE_KINDS:
            yield f'the fragment is on "{condition}", which is not an object, interface or union of this subgraph'
        elif condition != type_name and set(self.schema.possible(type_name)).isdisjoint(
            self.schema.possible(condition)
        ):
            yield f'the fragment on "{condition}" can never apply within "{type_name}"'
        else:
            yield from self.problems(condition, node.selection_set)


def argument_problems(schema: Schema, field: Field, node: FieldNode) -> Iterator[str]:
    """What is wrong with the arguments that a set gives to a field."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    for name in given.keys() - field.arguments.keys():
        yield f'field "{field.coordinate}" has no argument "{name}"'
    for argument in field.arguments.values():
        if argument.name not in given:
            if argument.required:
                yield f'the argument "{argument.name}" of "{field.coordinate}" is required, and no value is given'
            continue
        problem = misfit(schema, argument.type, given[argument.name])
        if problem is not None:
            yield f'the value for the argument "{argument.name}" of "{field.coordinate}" does not fit: {problem}'
