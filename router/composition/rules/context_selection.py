"""What the selection of a @fromContext comes to: one leaf for all types that set the context, or one for each by fragments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.composition.model.fieldset import FieldSetError, directives_in, parse_field_set
from router.composition.model.schema import Schema, Type
from router.composition.model.selected import problems
from router.composition.model.typeref import ListOf, Named, NonNull, TypeRef, base_name

_ONE = "it must select exactly one field, or one by a fragment for each type that sets the context"


def read_selection(text: str, schema: Schema) -> ContextSelection | str:
    """The selection, or in words why it can be none."""
    try:
        selections = parse_field_set(text)
    except FieldSetError as error:
        return f"the selection does not parse: {error}"
    first, *others = selections.selections
    if isinstance(first, FieldNode):
        return _ONE if others else ContextSelection(schema, selections, {})
    fragments = [node for node in selections.selections if isinstance(node, InlineFragmentNode) and node.type_condition]
    by_type = {node.type_condition.name.value: node for node in fragments if node.type_condition}
    if len(by_type) < len(selections.selections):
        return f"{_ONE} (each fragment on another type)"
    return ContextSelection(schema, selections, by_type)


@dataclass(frozen=True, slots=True)
class ContextSelection:
    """A selection of plausible form; `fragments`, by the types that they are on, are empty where it is a field."""

    schema: Schema
    selections: SelectionSetNode
    fragments: dict[str, InlineFragmentNode]

    def form_problems(self) -> Iterator[str]:
        """What is wrong with it whatever the types that set the context."""
        for name in directives_in(self.selections):
            yield f'"@{name}" cannot stand in the selection'
        for condition in self.fragments:
            type_ = self.schema.types.get(condition)
            if type_ is None or type_.kind != "OBJECT":
                yield f'the fragment is on "{condition}", which is no object type of this subgraph'

    def problems_on(self, setter: Type, expected: TypeRef) -> Iterator[str]:
        """What is wrong with it on one type that sets the context, for an argument of the type `expected`."""
        if not self.fragments:
            yield from self.leaf_problems(setter, self.selections, expected)
            return
        applicable = [name for name in self.fragments if name in self.schema.possible(setter.name)]
        if not applicable:
            yield f'no fragment applies to "{setter.name}", which sets the context too'
        for name in applicable:
            yield from self.leaf_problems(self.schema.types[name], self.fragments[name].selection_set, expected)

    def leaf_problems(self, type_: Type, selections: SelectionSetNode, expected: TypeRef) -> Iterator[str]:
        found = list(problems(self.schema, type_.name, selections)) or list(self.path_problems(type_, selections))
        if found:
            yield from found
            return
        selected = self.selected_type(type_, selections)
        if selected != expected:
            yield f'on "{type_.name}" it is of type "{selected}", the argument of type "{expected}"{_way_out(expected)}'

    def path_problems(self, type_: Type, selections: SelectionSetNode) -> Iterator[str]:
        """What a valid set of fields has that is not a path to one leaf."""
        if type_.has("interfaceObject"):
            yield f'"{type_.name}" is an @interfaceObject, of which no context can be known'
        first, *others = selections.selections
        if others or not isinstance(first, FieldNode):
            yield f'within "{type_.name}" it must select exactly one field, without fragment'
        elif first.selection_set is not None:
            field = self.schema.find_field(type_.name, first.name.value)
            assert field is not None, "unknown fields are reported before"
            yield from self.path_problems(self.schema.types[base_name(field.type)], first.selection_set)

    def selected_type(self, type_: Type, selections: SelectionSetNode) -> TypeRef:
        """The type of the leaf, in the lists that lie on the way to it. Any of it may be null, for the way may break."""
        (node,) = selections.selections
        assert isinstance(node, FieldNode), "anything else is reported before"
        field = self.schema.find_field(type_.name, node.name.value)
        if field is None:
            return Named("String")  # __typename
        if node.selection_set is None:
            return _wrapped(field.type, Named(base_name(field.type)))
        below = self.selected_type(self.schema.types[base_name(field.type)], node.selection_set)
        return _wrapped(field.type, below)

    def unused(self, setters: Sequence[str]) -> list[str]:
        """The types of fragments that never apply."""
        possible = {name for setter in setters for name in self.schema.possible(setter)}
        return [name for name in self.fragments if name not in possible]


def _wrapped(outer: TypeRef, core: TypeRef) -> TypeRef:
    if isinstance(outer, NonNull):
        return _wrapped(outer.of, core)
    return ListOf(_wrapped(outer.of, core)) if isinstance(outer, ListOf) else core


def _way_out(expected: TypeRef) -> str:
    return "; an argument taken from a context must be nullable throughout" if "!" in str(expected) else ""
