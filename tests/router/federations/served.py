"""One subgraph as its own SDL describes it: an executable schema without the federation directives, and what they say.

Nothing here goes by the supergraph, so that what composition or its reader get wrong shows up as a difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    SelectionSetNode,
    Visitor,
    build_ast_schema,
    concat_ast,
    parse,
    visit,
)

Typed: TypeAlias = (
    ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode
)
_CONTEXT = re.compile(r"\$(\w+)\s*(.+)", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """What a subgraph says of one of its fields."""

    external: bool = False
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None
    override: str | None = None
    label: str | None = None
    contextual: Mapping[str, str] = ()  # type: ignore[assignment]  # arguments taken from a context, and their selections


@dataclass(frozen=True)
class Served:
    """A subgraph that can be executed. `roots` maps the names of its root types to what everybody else calls them."""

    name: str
    document: DocumentNode

    @cached_property
    def schema(self) -> GraphQLSchema:
        """The schema that answers requests, `_entities` included."""
        plain = visit(_defined(self.document), _Plain())
        return build_ast_schema(concat_ast([plain, self._entities()]), assume_valid_sdl=True)

    def _entities(self) -> DocumentNode:
        query = next((own for own, common in self.roots.items() if common == "Query"), None)
        entities = sorted(name for name, keys in self.keys.items() if keys and name in self.objects)
        parts = [f"extend type {query} {{ _service: Boolean }}" if query else "type Query { _service: Boolean }"]
        if not query and any(isinstance(each, SchemaDefinitionNode) for each in self.document.definitions):
            parts.append("extend schema { query: Query }")
        if entities:
            parts.append(f"scalar _Any union _Entity = {' | '.join(entities)}")
            parts.append(f"extend type {query or 'Query'} {{ _entities(representations: [_Any!]!): [_Entity]! }}")
        return parse("\n".join(parts))

    @cached_property
    def roots(self) -> Mapping[str, str]:
        """The root types."""
        declared = {
            each.type.name.value: each.operation.value.capitalize()
            for definition in self.document.definitions
            if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode)
            for each in definition.operation_types or ()
        }
        if any(isinstance(each, SchemaDefinitionNode) for each in self.document.definitions):
            return declared
        return declared | {name: name for name in ("Query", "Mutation", "Subscription") if name in self._typed}

    @cached_property
    def _typed(self) -> Mapping[str, list[Typed]]:
        found: dict[str, list[Typed]] = {}
        for node in self.document.definitions:
            if isinstance(node, Typed):
                found.setdefault(node.name.value, []).append(node)
        return found

    @cached_property
    def objects(self) -> frozenset[str]:
        """Its object types."""
        kinds = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
        return frozenset(name for name, nodes in self._typed.items() if isinstance(nodes[0], kinds))

    @cached_property
    def interface_objects(self) -> frozenset[str]:
        """Interfaces that it knows as object types."""
        return frozenset(name for name, nodes in self._typed.items() if _applied(nodes, "interfaceObject"))

    @cached_property
    def keys(self) -> Mapping[str, list[SelectionSetNode]]:
        """The keys by which objects of a type can be looked up."""
        return {
            name: [_set(each) for each in _applied(nodes, "key") if _argument(each, "resolvable") is not False]
            for name, nodes in self._typed.items()
        }

    @cached_property
    def all_keys(self) -> Mapping[str, list[SelectionSetNode]]:
        """The keys of each type, those included by which nothing can be looked up."""
        return {name: [_set(each) for each in _applied(nodes, "key")] for name, nodes in self._typed.items()}

    @cached_property
    def contexts(self) -> Mapping[str, list[str]]:
        """The contexts that the types set."""
        return {
            name: [_argument(each, "name") for each in _applied(nodes, "context")]
            for name, nodes in self._typed.items()
        }

    @cached_property
    def fields(self) -> Mapping[tuple[str, str], Said]:
        """What is said of each field."""
        return {
            (name, field.name.value): self._said(name, nodes, node, field)
            for name, nodes in self._typed.items()
            for node in nodes
            for field in node.fields or ()
        }

    def _said(self, type_: str, nodes: list[Typed], node: Typed, field: FieldDefinitionNode) -> Said:
        requires, provides, override = (_applied([field], name) for name in ("requires", "provides", "override"))
        external = bool(_applied([field], "external") or _applied([node], "external"))
        # What extends a type repeats its keys as external and yet answers them, as in federation 1.
        extends = isinstance(node, ObjectTypeExtensionNode) or bool(_applied(nodes, "extends"))
        return Said(
            external=external and not (extends and self._is_key(type_, field.name.value)),
            requires=_set(requires[0]) if requires else None,
            provides=_set(provides[0]) if provides else None,
            override=_argument(override[0], "from") if override else None,
            label=_argument(override[0], "label") if override else None,
            contextual={
                argument.name.value: _argument(each, "field")
                for argument in field.arguments or ()
                for each in _applied([argument], "fromContext")
            },
        )

    def _is_key(self, type_: str, name: str) -> bool:
        named = (node for key in self.all_keys[type_] for node in key.selections)
        return any(getattr(node, "name", None) and node.name.value == name for node in named)  # type: ignore[attr-defined]


def served(name: str, sdl: str) -> Served:
    """A subgraph made executable."""
    return Served(name, parse(sdl))


def selection_of(text: str) -> SelectionSetNode:
    """A field set as a selection."""
    definition = parse("{" + text + "}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
    return definition.selection_set


def context_of(text: str) -> tuple[str, SelectionSetNode]:
    """The context and the field set that a @fromContext names: `$name { selection }`, or `$name ... on A { selection }`."""
    name, selection = _CONTEXT.fullmatch(text.strip()).groups()  # type: ignore[union-attr]  # it has composed
    return name, selection_of(selection[1:-1] if selection.startswith("{") else selection)


def _applied(nodes: Any, name: str) -> list[ConstDirectiveNode]:
    return [each for node in nodes for each in node.directives or () if each.name.value == name]


def _argument(directive: ConstDirectiveNode, name: str) -> Any:
    return next((each.value.value for each in directive.arguments or () if each.name.value == name), None)  # type: ignore[union-attr]  # strings and booleans


def _set(directive: ConstDirectiveNode) -> SelectionSetNode:
    return selection_of(_argument(directive, "fields"))


def _defined(document: DocumentNode) -> DocumentNode:
    """The document with one definition of each type, also of one that it only extends."""
    defined: set[str] = set()
    nodes = sorted(document.definitions, key=lambda node: "extension" in node.kind)
    return DocumentNode(definitions=tuple(_definitions(nodes, defined)))


def _definitions(nodes: list[Any], defined: set[str]) -> Iterator[Any]:
    for node in nodes:
        if isinstance(node, ObjectTypeExtensionNode | InterfaceTypeExtensionNode) and node.name.value not in defined:
            made = (
                ObjectTypeDefinitionNode if isinstance(node, ObjectTypeExtensionNode) else InterfaceTypeDefinitionNode
            )
            node = made(**{key: getattr(node, key) for key in node.keys if key != "loc"})
        if getattr(node, "name", None) is not None:
            defined.add(node.name.value)
        yield node


class _Plain(Visitor):
    """Takes directives away, and the extension of the schema that only links specifications."""

    def enter_directive(self, *_: object) -> Any:
        return self.REMOVE

    def enter_schema_extension(self, node: SchemaExtensionNode, *_: object) -> Any:
        return replace(node, directives=()) if node.operation_types else self.REMOVE
