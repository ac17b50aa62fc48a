"""From a subgraph's AST to its schema: extensions folded in, root types under standard names, directives under canonical ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    ValueNode,
)

from router.composition.model.fieldset import rename_conditions
from router.composition.model.outcome import Place
from router.composition.model.report import place_of
from router.composition.model.schema import (
    Applied,
    Argument,
    DirectiveDefinition,
    EnumValue,
    Field,
    Schema,
    Type,
    TypeKind,
    own_name,
)
from router.composition.model.typeref import ListOf, Named, NonNull, TypeRef, from_node
from router.composition.spec.features import BUILT_IN_DIRECTIVES, GRAPHQL_DIRECTIVES
from router.composition.subgraph.document import SubgraphDocument

_KINDS: tuple[tuple[tuple[type, type], TypeKind], ...] = (
    ((ScalarTypeDefinitionNode, ScalarTypeExtensionNode), "SCALAR"),
    ((ObjectTypeDefinitionNode, ObjectTypeExtensionNode), "OBJECT"),
    ((InterfaceTypeDefinitionNode, InterfaceTypeExtensionNode), "INTERFACE"),
    ((UnionTypeDefinitionNode, UnionTypeExtensionNode), "UNION"),
    ((EnumTypeDefinitionNode, EnumTypeExtensionNode), "ENUM"),
    ((InputObjectTypeDefinitionNode, InputObjectTypeExtensionNode), "INPUT_OBJECT"),
)
_WITH_FIELD_SETS = frozenset({"key", "requires", "provides"})


def convert(document: SubgraphDocument, canonical: Mapping[str, str], *, subgraph: str) -> Schema:
    """The schema of a document that GraphQL accepts.

    `canonical` maps directive names of the SDL to those that composition knows; the others are the subgraph's own.
    """
    defined = (node.name.value for node in document.definitions if isinstance(node, DirectiveDefinitionNode))
    own = {name: own_name(name) for name in defined if name not in GRAPHQL_DIRECTIVES}
    known = own | {name: name for name in BUILT_IN_DIRECTIVES} | dict(canonical)
    return _Converter(document, known, subgraph).schema()


@dataclass(frozen=True, slots=True)
class _Converter:
    document: SubgraphDocument
    known: Mapping[str, str]
    subgraph: str
    applied: dict[str, str] = field(default_factory=dict)

    def schema(self) -> Schema:
        declarations: dict[str, list[TypeDefinitionNode | TypeExtensionNode]] = {}
        for node in self.document.definitions:
            if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
                declarations.setdefault(self.type_name(node.name.value), []).append(node)
        types = {name: self.type(name, nodes) for name, nodes in declarations.items()}
        directives = (
            node
            for node in self.document.definitions
            if isinstance(node, DirectiveDefinitionNode) and node.name.value not in GRAPHQL_DIRECTIVES
        )
        definitions = (self.directive_definition(node) for node in directives)
        schema_nodes = [
            node for node in self.document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        ]
        descriptions = (_text(node.description) for node in schema_nodes if isinstance(node, SchemaDefinitionNode))
        # Federation gives every subgraph a query root, for `_service` if for nothing else.
        types.setdefault("Query", Type(name="Query", coordinate="Query", kind="OBJECT"))
        return Schema(
            types=types,
            definitions={definition.name: definition for definition in definitions},
            description=next(descriptions, None),
            directives=tuple(applied for node in schema_nodes for applied in self.directives(node.directives)),
            local_names=self.local_names(),
        )

    def type(self, name: str, nodes: list[TypeDefinitionNode | TypeExtensionNode]) -> Type:
        # The definition comes first whatever its place, since extensions only add to it.
        nodes = sorted(nodes, key=lambda node: isinstance(node, TypeExtensionNode))
        fields: dict[str, Field] = {}
        values: dict[str, EnumValue] = {}
        directives: list[Applied] = []
        extension = 0
        for node in nodes:
            extension += isinstance(node, TypeExtensionNode)
            directives += self.directives(node.directives, declaration=extension)
            for child in getattr(node, "fields", None) or ():
                fields[child.name.value] = self.field(name, child, declaration=extension)
            for value in getattr(node, "values", None) or ():
                values[value.name.value] = self.enum_value(name, value)
        first = nodes[0]
        return Type(
            name=name,
            coordinate=name,
            kind=next(kind for classes, kind in _KINDS if isinstance(first, classes)),
            description=_text(getattr(first, "description", None)),
            directives=tuple(directives),
            place=self.place(first),
            interfaces=self.names(nodes, "interfaces"),
            fields=fields,
            members=self.names(nodes, "types"),
            values=values,
            defined=isinstance(first, TypeDefinitionNode),
            extended=extension > 0,
        )

    def field(self, parent: str, node: FieldDefinitionNode | InputValueDefinitionNode, *, declaration: int) -> Field:
        name = node.name.value
        coordinate = f"{parent}.{name}"
        arguments = node.arguments or () if isinstance(node, FieldDefinitionNode) else ()
        return Field(
            name=name,
            coordinate=coordinate,
            parent=parent,
            description=_text(node.description),
            directives=self.directives(node.directives),
            place=self.place(node),
            type=self.reference(node.type),
            arguments={argument.name.value: self.argument(coordinate, argument) for argument in arguments},
            default=node.default_value if isinstance(node, InputValueDefinitionNode) else None,
            declaration=declaration,
        )

    def argument(self, parent: str, node: InputValueDefinitionNode) -> Argument:
        return Argument(
            name=node.name.value,
            coordinate=f"{parent}({node.name.value}:)",
            description=_text(node.description),
            directives=self.directives(node.directives),
            place=self.place(node),
            type=self.reference(node.type),
            default=node.default_value,
        )

    def enum_value(self, parent: str, node: EnumValueDefinitionNode) -> EnumValue:
        name = node.name.value
        return EnumValue(
            name=name,
            coordinate=f"{parent}.{name}",
            description=_text(node.description),
            directives=self.directives(node.directives),
            place=self.place(node),
        )

    def directive_definition(self, node: DirectiveDefinitionNode) -> DirectiveDefinition:
        name = node.name.value
        arguments = (self.argument(f"@{name}", argument) for argument in node.arguments or ())
        locations = (location.value for location in node.locations)
        return DirectiveDefinition(
            name=name,
            coordinate=f"@{name}",
            description=_text(node.description),
            place=self.place(node),
            arguments={argument.name: argument for argument in arguments},
            locations=tuple(locations),
            repeatable=node.repeatable,
        )

    def directives(
        self, nodes: Iterable[DirectiveNode | ConstDirectiveNode] | None, *, declaration: int = 0
    ) -> tuple[Applied, ...]:
        applied = []
        for node in nodes or ():
            name = node.name.value
            known = self.known.get(name)
            if known is None:
                continue
            self.applied[name] = known
            arguments: dict[str, ValueNode] = {entry.name.value: entry.value for entry in node.arguments or ()}
            if self.document.roots and known in _WITH_FIELD_SETS:
                arguments = {name: self.field_set(value) for name, value in arguments.items()}
            applied.append(Applied(known, arguments, place_of(node, subgraph=self.subgraph), declaration))
        return tuple(applied)

    def local_names(self) -> dict[str, tuple[str, ...]]:
        """What the SDL calls the directives converted so far."""
        names: dict[str, tuple[str, ...]] = {}
        for local, known in self.applied.items():
            names[known] = (*names.get(known, ()), local)
        return names

    def field_set(self, value: ValueNode) -> ValueNode:
        """The value where it is a field set: its fragments may be on root types, by the names that those have here."""
        if not isinstance(value, StringValueNode):
            return value
        return StringValueNode(value=rename_conditions(value.value, self.document.roots))

    def names(self, nodes: Iterable[TypeDefinitionNode | TypeExtensionNode], attribute: str) -> tuple[str, ...]:
        named: list[NamedTypeNode] = [entry for node in nodes for entry in getattr(node, attribute, None) or ()]
        return tuple(dict.fromkeys(self.type_name(entry.name.value) for entry in named))

    def reference(self, node: TypeNode) -> TypeRef:
        return self._renamed(from_node(node))

    def _renamed(self, ref: TypeRef) -> TypeRef:
        if isinstance(ref, Named):
            return Named(self.type_name(ref.name))
        if isinstance(ref, ListOf):
            return ListOf(self._renamed(ref.of))
        inner = self._renamed(ref.of)
        assert not isinstance(inner, NonNull)
        return NonNull(inner)

    def type_name(self, name: str) -> str:
        return self.document.roots.get(name, name)

    def place(self, node: Node) -> Place | None:
        return place_of(node, subgraph=self.subgraph)


def _text(node: StringValueNode | None) -> str | None:
    return node.value if node is not None else None
