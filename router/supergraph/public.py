"""The two schemas of a supergraph: `full` without the federation machinery, `api` without what is @inaccessible too.

Both are made by filtering the document and building it again, so descriptions, deprecations, defaults and @oneOf stay as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLDeferDirective,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
)

from router.errors import SupergraphError
from router.supergraph.features import Features
from router.supergraph.validity import schema_errors

N = TypeVar("N", bound=Node)

# Directives that are part of what clients see; every other applied directive speaks to composition or to the router.
PUBLIC_DIRECTIVES = frozenset({"deprecated", "specifiedBy", "oneOf"})


def full_schema(document: DocumentNode, features: Features) -> GraphQLSchema:
    """The whole schema, inaccessible elements included, with every applied directive left on the AST nodes."""
    definitions = tuple(definition for definition in document.definitions if not features.owns(definition))
    return _build(definitions, assume_valid=True)


def api_schema(document: DocumentNode, features: Features) -> GraphQLSchema:
    """What clients see. Raises SupergraphError where hiding elements leaves a schema that is not valid."""
    hidden = features.directive("inaccessible", "inaccessible")
    definitions = tuple(definition for definition in document.definitions if not features.owns(definition))
    schema = _build(_Public(hidden, definitions).definitions(), assume_valid=False)
    problems = schema_errors(schema)
    if problems:
        raise SupergraphError(f"The API schema of this supergraph is not valid: {problems[0].message}")
    return schema


def with_defer(schema: GraphQLSchema) -> GraphQLSchema:
    """The API schema with @defer, which the router sees to itself: no subgraph has to know it."""
    if schema.get_directive(GraphQLDeferDirective.name) is None:
        schema.directives = (*schema.directives, GraphQLDeferDirective)
    return schema


def _build(definitions: tuple[DefinitionNode, ...], *, assume_valid: bool) -> GraphQLSchema:
    try:
        return build_ast_schema(DocumentNode(definitions=definitions), assume_valid=assume_valid, assume_valid_sdl=True)
    except (TypeError, KeyError) as error:
        raise SupergraphError(f"The supergraph's types do not form a schema: {error}") from error


class _Public:
    """Filters definitions down to what is accessible."""

    def __init__(self, hidden: str | None, definitions: tuple[DefinitionNode, ...]) -> None:
        self._hidden = hidden
        self._definitions = definitions
        self._hidden_types = {
            definition.name.value
            for definition in definitions
            if isinstance(definition, TypeDefinitionNode) and not self._accessible(definition)
        }

    def definitions(self) -> tuple[DefinitionNode, ...]:
        return tuple(self._definition(d) for d in self._definitions if not self._is_hidden_type(d))

    def _is_hidden_type(self, definition: DefinitionNode) -> bool:
        return isinstance(definition, TypeDefinitionNode) and definition.name.value in self._hidden_types

    def _accessible(self, node: Any) -> bool:
        return self._hidden is None or all(directive.name.value != self._hidden for directive in node.directives or ())

    def _definition(self, node: DefinitionNode) -> DefinitionNode:
        match node:
            case SchemaDefinitionNode() | SchemaExtensionNode():
                roots = tuple(o for o in node.operation_types or () if o.type.name.value not in self._hidden_types)
                return self._shown(node, operation_types=roots)
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                return self._shown(node, fields=self._fields(node.fields), interfaces=self._named(node.interfaces))
            case InputObjectTypeDefinitionNode():
                return self._shown(node, fields=self._members(node.fields))
            case EnumTypeDefinitionNode():
                return self._shown(node, values=self._members(node.values))
            case UnionTypeDefinitionNode():
                return self._shown(node, types=self._named(node.types))
            case DirectiveDefinitionNode():
                return replace(node, arguments=self._members(node.arguments))
            case TypeDefinitionNode():
                return self._shown(node)
        return node

    def _fields(self, nodes: Sequence[FieldDefinitionNode] | None) -> tuple[FieldDefinitionNode, ...]:
        return tuple(
            self._shown(node, arguments=self._members(node.arguments)) for node in nodes or () if self._accessible(node)
        )

    def _members(self, nodes: Sequence[N] | None) -> tuple[N, ...]:
        return tuple(self._shown(node) for node in nodes or () if self._accessible(node))

    def _named(self, nodes: Sequence[NamedTypeNode] | None) -> tuple[NamedTypeNode, ...]:
        return tuple(node for node in nodes or () if node.name.value not in self._hidden_types)

    def _shown(self, node: N, **changes: Any) -> N:
        described: Any = node  # every kind of definition that comes here carries directives
        public = tuple(
            directive for directive in described.directives or () if directive.name.value in PUBLIC_DIRECTIVES
        )
        return cast("N", replace(described, directives=public, **changes))
