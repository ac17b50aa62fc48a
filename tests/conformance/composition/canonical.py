"""A supergraph as a set of facts, so that two compare whatever the order and the spacing of their texts.

A fact is a schema coordinate and what is said of it: its kind, type, default, description, or a directive applied to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    EnumTypeDefinitionNode,
    FloatValueNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListValueNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectValueNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    UnionTypeDefinitionNode,
    ValueNode,
    parse,
    print_ast,
)

MACHINERY = ("join__", "link__")
GRAPHS = "join__Graph"


class Fact(NamedTuple):
    """Something that a supergraph says of a coordinate."""

    coordinate: str
    says: str

    def __str__(self) -> str:
        return f"{self.coordinate} {self.says}"


def facts(supergraph: str) -> frozenset[Fact]:
    """Everything that a supergraph says, without the definitions that every supergraph has."""
    document = parse(supergraph, no_location=True)
    return frozenset(fact for node in document.definitions if not _is_machinery(node) for fact in _of(node))


def _is_machinery(node: Node) -> bool:
    name = getattr(getattr(node, "name", None), "value", "")
    defines_link = isinstance(node, DirectiveDefinitionNode) and name == "link"
    return defines_link or (name.startswith(MACHINERY) and name != GRAPHS)


@singledispatch
def _of(node: Node) -> Iterator[Fact]:
    raise AssertionError(f"a supergraph has no {node.kind}")


@_of.register
def _(node: SchemaDefinitionNode) -> Iterator[Fact]:
    yield from _common("schema", node)
    for operation in node.operation_types:
        yield Fact("schema", f"{operation.operation.value}: {operation.type.name.value}")


@_of.register
def _(node: DirectiveDefinitionNode) -> Iterator[Fact]:
    coordinate = f"@{node.name.value}"
    locations = " | ".join(sorted(location.value for location in node.locations))
    yield Fact(coordinate, f"is {'repeatable ' if node.repeatable else ''}on {locations}")
    yield from _description(coordinate, node)
    for argument in node.arguments or ():
        yield from _input_value(f"{coordinate}({argument.name.value}:)", argument)


@_of.register(ObjectTypeDefinitionNode)
@_of.register(InterfaceTypeDefinitionNode)
def _(node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) -> Iterator[Fact]:
    name = node.name.value
    yield from _type(node)
    for interface in node.interfaces or ():
        yield Fact(name, f"implements {interface.name.value}")
    for field in node.fields or ():
        coordinate = f"{name}.{field.name.value}"
        yield Fact(coordinate, f": {print_ast(field.type)}")
        yield from _common(coordinate, field)
        for argument in field.arguments or ():
            yield from _input_value(f"{coordinate}({argument.name.value}:)", argument)


@_of.register
def _(node: InputObjectTypeDefinitionNode) -> Iterator[Fact]:
    yield from _type(node)
    for field in node.fields or ():
        yield from _input_value(f"{node.name.value}.{field.name.value}", field)


@_of.register
def _(node: EnumTypeDefinitionNode) -> Iterator[Fact]:
    yield from _type(node)
    for value in node.values or ():
        coordinate = f"{node.name.value}.{value.name.value}"
        yield Fact(coordinate, "is a value")
        yield from _common(coordinate, value)


@_of.register
def _(node: UnionTypeDefinitionNode) -> Iterator[Fact]:
    yield from _type(node)
    for member in node.types or ():
        yield Fact(node.name.value, f"may be {member.name.value}")


@_of.register
def _(node: ScalarTypeDefinitionNode) -> Iterator[Fact]:
    yield from _type(node)


def _type(node: Any) -> Iterator[Fact]:
    yield Fact(node.name.value, f"is a {node.kind.removesuffix('_type_definition')}")
    yield from _common(node.name.value, node)


def _input_value(coordinate: str, node: InputValueDefinitionNode) -> Iterator[Fact]:
    yield Fact(coordinate, f": {print_ast(node.type)}")
    if node.default_value is not None:
        yield Fact(coordinate, f"= {canonical_value(node.default_value)}")
    yield from _common(coordinate, node)


def _common(coordinate: str, node: Any) -> Iterator[Fact]:
    yield from _description(coordinate, node)
    for directive in node.directives or ():
        yield Fact(coordinate, canonical_directive(directive))


def _description(coordinate: str, node: Any) -> Iterator[Fact]:
    if node.description is not None:
        yield Fact(coordinate, f"is described {node.description.value!r}")


def canonical_directive(node: DirectiveNode) -> str:
    """A directive with its arguments in the order of their names, and imports, which are a set, in that of their elements."""
    arguments = sorted(f"{argument.name.value}: {_argument(argument)}" for argument in node.arguments or ())
    return f"@{node.name.value}{'(' + ', '.join(arguments) + ')' if arguments else ''}"


def _argument(node: ArgumentNode) -> str:
    if node.name.value == "import" and isinstance(node.value, ListValueNode):
        return f"[{', '.join(sorted(canonical_value(value) for value in node.value.values))}]"
    return canonical_value(node.value)


def canonical_value(node: ValueNode) -> str:
    """A value with the fields of objects in the order of their names, and strings and numbers in one spelling."""
    if isinstance(node, ObjectValueNode):
        fields = sorted(f"{field.name.value}: {canonical_value(field.value)}" for field in node.fields)
        return f"{{{', '.join(fields)}}}"
    if isinstance(node, ListValueNode):
        return f"[{', '.join(canonical_value(value) for value in node.values)}]"
    if isinstance(node, StringValueNode):
        return print_ast(StringValueNode(value=node.value))
    if isinstance(node, FloatValueNode):
        return f"{float(node.value):.17g}"
    return print_ast(node)
