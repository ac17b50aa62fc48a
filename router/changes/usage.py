"""What of a schema an operation uses, as coordinates: types, fields, arguments, input fields, enum values, directives.

What may come in a variable counts as used: an operation that takes an input object uses every field of it. So does every value
of an enum that is answered.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    visit,
)

_LOCATIONS = {
    FieldNode.kind: "FIELD",
    InlineFragmentNode.kind: "INLINE_FRAGMENT",
    FragmentDefinitionNode.kind: "FRAGMENT_DEFINITION",
    "fragment_spread": "FRAGMENT_SPREAD",
    VariableDefinitionNode.kind: "VARIABLE_DEFINITION",
}


class Usage:
    """Finds what operations use of one schema, against which they are valid."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._sendable = cache(self._reachable)

    def of(self, document: DocumentNode) -> frozenset[str]:
        """The coordinates that an operation and its fragments use."""
        types = TypeInfo(self._schema)
        visitor = _Collector(types, self._sendable)
        visit(document, TypeInfoVisitor(types, visitor))
        return frozenset(visitor.found)

    def _reachable(self, name: str) -> frozenset[str]:
        """All that a variable of an input type may hold."""
        found: set[str] = set()
        front = [name]
        while front:
            type_ = self._schema.type_map.get(front.pop())
            if type_ is None or type_.name in found:
                continue
            found.add(type_.name)
            if isinstance(type_, GraphQLEnumType):
                found.update(_values(type_))
            elif isinstance(type_, GraphQLInputObjectType):
                for field_name, field in type_.fields.items():
                    found.add(f"{type_.name}.{field_name}")
                    front.append(get_named_type(field.type).name)
        return frozenset(found)


class _Collector(Visitor):
    def __init__(self, types: TypeInfo, sendable: Any) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._types = types
        self._sendable = sendable
        self._fields: list[str] = []

    def enter_operation_definition(self, *_: Any) -> None:
        self._use_type(self._types.get_type())

    def enter_field(self, *_: Any) -> None:
        parent, field = self._types.get_parent_type(), self._types.get_field_def()
        node = _[0]
        coordinate = f"{parent.name}.{node.name.value}" if parent else node.name.value
        self._fields.append(coordinate)
        self.found.add(coordinate)
        if parent is not None:
            self.found.add(parent.name)
        if field is not None:
            self._use_type(get_named_type(field.type))

    def leave_field(self, *_: Any) -> None:
        self._fields.pop()

    def enter_inline_fragment(self, *_: Any) -> None:
        self._use_type(self._types.get_type())

    def enter_fragment_definition(self, *_: Any) -> None:
        self._use_type(self._types.get_type())

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        type_ = self._types.get_input_type()
        if type_ is not None:
            self.found.update(self._sendable(get_named_type(type_).name))

    def enter_directive(self, node: DirectiveNode, _key: Any, _parent: Any, _path: Any, ancestors: Any) -> None:
        name = f"@{node.name.value}"
        self.found.update((name, f"{name} on {_location(ancestors)}"))

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        directive = self._types.get_directive()
        owner = f"@{directive.name}" if directive is not None else self._fields[-1] if self._fields else ""
        self.found.add(f"{owner}({node.name.value}:)")
        argument = self._types.get_argument()
        if argument is not None:
            self.found.add(get_named_type(argument.type).name)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self._types.get_parent_input_type())
        if parent is not None:
            self.found.update((parent.name, f"{parent.name}.{node.name.value}"))

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        type_ = get_named_type(self._types.get_input_type())
        if isinstance(type_, GraphQLEnumType):
            self.found.update((type_.name, f"{type_.name}.{node.value}"))

    def _use_type(self, type_: Any) -> None:
        named: GraphQLNamedType | None = get_named_type(type_) if type_ is not None else None
        if named is None:
            return
        self.found.add(named.name)
        if isinstance(named, GraphQLEnumType):
            self.found.update(_values(named))


def _values(enum: GraphQLEnumType) -> set[str]:
    return {f"{enum.name}.{value}" for value in enum.values}


def _location(ancestors: Any) -> str:
    """Where a directive stands: the nearest node above it, which may be in a tuple."""
    for above in reversed(ancestors):
        if isinstance(above, OperationDefinitionNode):
            return above.operation.name
        if not isinstance(above, tuple | list):
            return _LOCATIONS.get(above.kind, "")
    return ""
