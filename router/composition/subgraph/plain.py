"""Whether a subgraph's document is plainly valid: nothing said twice, every directive known, well placed and well fed.

Together with `Soundness`, which looks at types, this is what graphql-core's own rules for schema documents check, in one pass and
without their words. Where it has a doubt the library decides. Source: the GraphQL specification, sections 3 and 5.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ListValueNode,
    ObjectValueNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeSystemDefinitionNode,
    ValueNode,
    parse,
)

from router.composition.model.schema import BUILT_IN_SCALARS, Schema
from router.composition.model.soundness import Soundness
from router.composition.model.typeref import NonNull, TypeRef, base_name, from_node

# Operations parse in the same grammar, and so do extensions of directives, which no released specification has.
SCHEMA_PARTS = (TypeSystemDefinitionNode, SchemaExtensionNode, TypeExtensionNode)
_STANDARD = parse(
    'directive @deprecated(reason: String! = "") on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE\n'
    "directive @specifiedBy(url: String!) on SCALAR\n"
    "directive @oneOf on INPUT_OBJECT",
    no_location=True,
).definitions


def is_plain(document: DocumentNode, schema: Schema) -> bool:
    """False wherever there might be anything to object to. `schema` is what the document converts to."""
    return _Pass(document, schema).is_plain()


@dataclass(frozen=True, slots=True)
class _Directive:
    locations: frozenset[str]
    repeatable: bool
    arguments: dict[str, TypeRef]
    required: frozenset[str]


class _Pass:
    def __init__(self, document: DocumentNode, schema: Schema) -> None:
        self.definitions = document.definitions
        self.types = [node for node in document.definitions if isinstance(node, TypeDefinitionNode)]
        self.inputs = BUILT_IN_SCALARS | {
            node.name.value
            for node in self.types
            if isinstance(node, ScalarTypeDefinitionNode | EnumTypeDefinitionNode | InputObjectTypeDefinitionNode)
        }
        self.soundness = Soundness(schema, _leaves(self.types))
        self.directive_nodes = [node for node in document.definitions if isinstance(node, DirectiveDefinitionNode)]
        self.directives = {
            node.name.value: _read_directive(node)
            for node in (*_STANDARD, *self.directive_nodes)
            if isinstance(node, DirectiveDefinitionNode)
        }

    def is_plain(self) -> bool:
        return (
            all(isinstance(node, SCHEMA_PARTS) for node in self.definitions)
            and not _repeats(_names(self.types))
            and not _repeats(_names(self.directive_nodes))
            and all(self.is_plain_directive(node) for node in self.directive_nodes)
            and self.is_plain_schema()
            and all(self.is_plain_type(nodes) for nodes in self.declarations())
            and self.soundness.is_plain()
        )

    def declarations(self) -> Iterable[Sequence[DefinitionNode]]:
        """Each type's definition and extensions together."""
        found: dict[str, list[DefinitionNode]] = {}
        for node in self.definitions:
            if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
                found.setdefault(node.name.value, []).append(node)
        return found.values()

    def is_plain_directive(self, node: DirectiveDefinitionNode) -> bool:
        arguments = node.arguments or ()
        return (
            not getattr(node, "directives", None)
            and self.are_plain_inputs(arguments, "ARGUMENT_DEFINITION")
            and all(base_name(from_node(argument.type)) in self.inputs for argument in arguments)
            and all(
                argument.default_value is None or self.soundness.fits(argument.default_value, from_node(argument.type))
                for argument in arguments
            )
        )

    def is_plain_schema(self) -> bool:
        nodes = [node for node in self.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
        operations = [operation for node in nodes for operation in node.operation_types or ()]
        return (
            sum(isinstance(node, SchemaDefinitionNode) for node in nodes) <= 1
            and not _repeats(operation.operation.value for operation in operations)
            and not _repeats(operation.type.name.value for operation in operations)
            and self.are_plain_roots(operation.type.name.value for operation in operations)
            and self.are_plain_applications([d for node in nodes for d in node.directives or ()], "SCHEMA")
        )

    def are_plain_roots(self, names: Iterable[str]) -> bool:
        kinds = {node.name.value: node.kind for node in self.types}
        standard = (name for name in ("Query", "Mutation", "Subscription") if name in kinds)
        return all(kinds.get(name) == "object_type_definition" for name in (*names, *standard))

    def is_plain_type(self, nodes: Sequence[Any]) -> bool:
        kinds = {node.kind.removesuffix("_definition").removesuffix("_extension") for node in nodes}
        if len(kinds) > 1 or not isinstance(nodes[0], TypeDefinitionNode) or nodes[0].name.value in BUILT_IN_SCALARS:
            return False
        location = kinds.pop().removesuffix("_type").upper()
        applied = [directive for node in nodes for directive in node.directives or ()]
        return (
            self.are_plain_applications(applied, location)
            and not _repeats(_all_names(nodes, "interfaces"))
            and not _repeats(_all_names(nodes, "types"))
            and not _repeats(_all_names(nodes, "values"))
            and not _repeats(_all_names(nodes, "fields"))
            and all(self.are_plain_parts(node, location) for node in nodes)
        )

    def are_plain_parts(self, node: Any, location: str) -> bool:
        if location == "ENUM":
            return all(self.are_plain_applications(value.directives, "ENUM_VALUE") for value in node.values or ())
        fields = getattr(node, "fields", None) or ()
        if location == "INPUT_OBJECT":
            return self.are_plain_inputs(fields, "INPUT_FIELD_DEFINITION")
        return all(
            (not field.directives or self.are_plain_applications(field.directives, "FIELD_DEFINITION"))
            and (not field.arguments or self.are_plain_inputs(field.arguments, "ARGUMENT_DEFINITION"))
            for field in fields
        )

    def are_plain_inputs(self, nodes: Sequence[InputValueDefinitionNode], location: str) -> bool:
        return not _repeats(_names(nodes)) and all(
            self.are_plain_applications(node.directives, location)
            and (node.default_value is None or not _says_twice(node.default_value))
            for node in nodes
        )

    def are_plain_applications(self, nodes: Sequence[DirectiveNode] | None, location: str) -> bool:
        if not nodes:
            return True
        once: set[str] = set()
        for node in nodes:
            name = node.name.value
            directive = self.directives.get(name)
            if directive is None or location not in directive.locations or name in once:
                return False
            if not directive.repeatable:
                once.add(name)
            if not self.is_plain_application(node, directive):
                return False
        return True

    def is_plain_application(self, node: DirectiveNode, directive: _Directive) -> bool:
        given: set[str] = set()
        for argument in node.arguments or ():
            name = argument.name.value
            type_ = directive.arguments.get(name)
            if type_ is None or name in given or _says_twice(argument.value):
                return False
            if not self.soundness.fits(argument.value, type_):
                return False
            given.add(name)
        return directive.required <= given


def _read_directive(node: DirectiveDefinitionNode) -> _Directive:
    types = {argument.name.value: from_node(argument.type) for argument in node.arguments or ()}
    defaults = {argument.name.value for argument in node.arguments or () if argument.default_value is not None}
    return _Directive(
        locations=frozenset(location.value for location in node.locations),
        repeatable=node.repeatable,
        arguments=types,
        required=frozenset(n for n, type_ in types.items() if isinstance(type_, NonNull) and n not in defaults),
    )


def _leaves(types: Iterable[TypeDefinitionNode]) -> dict[str, frozenset[str] | None]:
    """The scalars and enums that a document defines, those of the machinery among them."""
    leaves: dict[str, frozenset[str] | None] = {}
    for node in types:
        if isinstance(node, EnumTypeDefinitionNode):
            leaves[node.name.value] = frozenset(_names(node.values or ()))
        elif isinstance(node, ScalarTypeDefinitionNode):
            leaves[node.name.value] = None
    return leaves


def _names(nodes: Iterable[Any]) -> Iterator[str]:
    return (node.name.value for node in nodes)


def _all_names(nodes: Sequence[Any], attribute: str) -> Iterator[str]:
    return (part.name.value for node in nodes for part in getattr(node, attribute, None) or ())


def _repeats(names: Iterable[str]) -> bool:
    listed = list(names)
    return len(set(listed)) < len(listed)


def _says_twice(value: ValueNode) -> bool:
    """Whether an object literal gives a field twice."""
    if isinstance(value, ObjectValueNode):
        return _repeats(_names(value.fields)) or any(_says_twice(entry.value) for entry in value.fields)
    return isinstance(value, ListValueNode) and any(map(_says_twice, value.values))
