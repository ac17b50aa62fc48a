"""Turns AST into the model: fragments are put where they are spread, and every field learns its parent and type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import cast

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeMetaFieldDef,
    ValueNode,
    get_named_type,
)

from router.operation.model import Deferral, FieldSelection, FragmentSelection, Selection
from router.operation.normalize.conditions import DEFER
from router.operation.normalize.source import Source

_META: dict[str, GraphQLOutputType] = {
    "__typename": GraphQLNonNull(GraphQLString),
    "__schema": SchemaMetaFieldDef.type,
    "__type": TypeMetaFieldDef.type,
}


def spread_fragments(
    source: Source, root: str, schema: GraphQLSchema, *, undeferred: str | None = None
) -> tuple[Selection, ...]:
    """The operation's selections on the type `root`. Nothing is merged or simplified yet; nothing is deferred of `undeferred`."""
    return _Spreader(source, schema, undeferred).selections(source.operation.selection_set, root)


def field_type(parent: str, name: str, schema: GraphQLSchema) -> GraphQLOutputType:
    """The output type of a field, the meta fields of introspection included."""
    if name in _META:
        return _META[name]
    fields = schema.type_map[parent].fields  # type: ignore[attr-defined]  # an object or interface
    return cast("GraphQLOutputType", fields[name].type)


class _Spreader:
    def __init__(self, source: Source, schema: GraphQLSchema, undeferred: str | None) -> None:
        self._fragments = source.fragments
        self._schema = schema
        self._undeferred = undeferred
        self._numbers = count()

    def selections(self, node: SelectionSetNode | None, parent: str) -> tuple[Selection, ...]:
        return tuple(self._selection(child, parent) for child in (node.selections if node else ()))

    def _selection(self, node: SelectionNode, parent: str) -> Selection:
        match node:
            case FieldNode():
                return self._field(node, parent)
            case FragmentSpreadNode():
                fragment = self._fragments[node.name.value]
                defer = self._deferral(node, parent)
                return self._on(fragment.type_condition.name.value, fragment.selection_set, defer)
            case InlineFragmentNode():
                condition = node.type_condition
                defer = self._deferral(node, parent)
                return self._on(condition.name.value if condition else parent, node.selection_set, defer)
        raise AssertionError(f"unknown kind of selection: {node.kind}")

    def _on(self, condition: str, node: SelectionSetNode, defer: Deferral | None) -> FragmentSelection:
        return FragmentSelection(condition, self.selections(node, condition), defer)

    def _deferral(self, node: FragmentSpreadNode | InlineFragmentNode, parent: str) -> Deferral | None:
        """What @defer says of a fragment. One that is spread twice is deferred twice."""
        directive = next((d for d in node.directives or () if d.name.value == DEFER), None)
        if directive is None or parent == self._undeferred:
            return None
        values = {argument.name.value: argument.value for argument in directive.arguments or ()}
        label = values.get("label")
        return Deferral(next(self._numbers), label.value if isinstance(label, StringValueNode) else None)

    def _field(self, node: FieldNode, parent: str) -> FieldSelection:
        name = node.name.value
        type_ = field_type(parent, name, self._schema)
        return FieldSelection(
            key=node.alias.value if node.alias else name,
            name=name,
            parent=parent,
            type=type_,
            arguments=canonical_arguments(node.arguments or ()),
            directives=tuple(node.directives or ()),
            selections=self.selections(node.selection_set, get_named_type(type_).name),
        )


def canonical_arguments(arguments: Iterable[ArgumentNode]) -> tuple[ArgumentNode, ...]:
    """The same arguments in an order that does not depend on how they were written."""
    ordered = sorted(arguments, key=lambda argument: argument.name.value)
    return tuple(replace(argument, value=_canonical(argument.value)) for argument in ordered)


def _canonical(value: ValueNode) -> ValueNode:
    match value:
        case ObjectValueNode():
            fields = sorted(value.fields, key=lambda field: field.name.value)
            return replace(value, fields=tuple(replace(field, value=_canonical(field.value)) for field in fields))
        case ListValueNode():
            return replace(value, values=tuple(_canonical(item) for item in value.values))
    return value
