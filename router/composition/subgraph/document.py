"""A subgraph's document made whole: its own federation machinery taken out, that of the specification put in, checked as GraphQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
)

from router.composition.model.links import Links
from router.composition.model.report import Report
from router.composition.model.schema import BUILT_IN_SCALARS
from router.composition.spec import federation
from router.composition.subgraph.definitions import check_definitions
from router.composition.subgraph.machinery import MachineryNode, machinery, parsed
from router.composition.subgraph.roots import operation_types, query_root_of, roots_of
from router.composition.subgraph.shadowing import check_shadowed

_DEFINITION_OF: dict[type[TypeExtensionNode], type[TypeDefinitionNode]] = {
    ScalarTypeExtensionNode: ScalarTypeDefinitionNode,
    ObjectTypeExtensionNode: ObjectTypeDefinitionNode,
    InterfaceTypeExtensionNode: InterfaceTypeDefinitionNode,
    UnionTypeExtensionNode: UnionTypeDefinitionNode,
    EnumTypeExtensionNode: EnumTypeDefinitionNode,
    InputObjectTypeExtensionNode: InputObjectTypeDefinitionNode,
}


@dataclass(frozen=True, slots=True)
class SubgraphDocument:
    """The subgraph's own definitions. `roots` maps its root type names to the standard ones.

    `whole` is what GraphQL can check: every type defined before it is extended, and the machinery defined too.
    """

    definitions: tuple[DefinitionNode, ...]
    roots: dict[str, str]
    whole: DocumentNode


def prepare(document: DocumentNode, links: Links, *, subgraph: str, report: Report) -> SubgraphDocument | None:
    """Take the subgraph's own machinery out, and put the specification's in.

    None where definitions contradict the specification, which is reported.
    """
    roots = roots_of(document)
    definitions_fit = check_definitions(document, links, subgraph=subgraph, report=report)
    unshadowed = check_shadowed(document, links, subgraph=subgraph, report=report)
    if not (definitions_fit and unshadowed):
        return None
    query = query_root_of(document)
    brought = machinery(links)
    own = tuple(_without_machinery(document, brought, query=query))
    whole = (
        *_definitions_first(own),
        *_definitions_in_use(document, brought),
        *_empty_root(document, own, query=query),
    )
    return SubgraphDocument(own, roots, DocumentNode(definitions=whole))


def _without_machinery(
    document: DocumentNode, brought: Sequence[MachineryNode], *, query: str
) -> Iterator[DefinitionNode]:
    """The document without what federation adds to every subgraph: it is the same everywhere and never merged."""
    directives = {node.name.value for node in brought if isinstance(node, DirectiveDefinitionNode)}
    types = {node.name.value for node in brought if isinstance(node, TypeDefinitionNode)}
    types |= federation.OPERATION_TYPES | {"_FieldSet"}
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in directives:
            continue
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode) and node.name.value in types:
            continue
        if isinstance(node, ScalarTypeDefinitionNode) and node.name.value in BUILT_IN_SCALARS:
            continue
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value == query:
            kept = tuple(field for field in node.fields or () if field.name.value not in federation.OPERATION_FIELDS)
            if kept:
                yield replace(node, fields=kept)
            continue
        yield node


def _definitions_in_use(document: DocumentNode, brought: Sequence[MachineryNode]) -> Iterator[MachineryNode]:
    """The machinery's definitions, each as the document itself has it where it does: what that lacks cannot be used."""
    own = {
        (isinstance(node, TypeDefinitionNode), node.name.value): node
        for node in document.definitions
        if isinstance(node, DirectiveDefinitionNode | ScalarTypeDefinitionNode)
    }
    for node in brought:
        yield own.get((isinstance(node, TypeDefinitionNode), node.name.value), node)


def _empty_root(document: DocumentNode, own: Sequence[DefinitionNode], *, query: str) -> Iterator[DefinitionNode]:
    """The query root of a subgraph that serves entities only; one that the schema names must be there."""
    if query in _type_names(own) or (
        query in _named_roots(document) and query not in _type_names(document.definitions)
    ):
        return
    yield from parsed(f"type {query} {{ _service: Boolean }}")


def _named_roots(document: DocumentNode) -> set[str]:
    return {operation.type.name.value for operation in operation_types(document)}


def _type_names(definitions: Iterable[DefinitionNode]) -> set[str]:
    return {node.name.value for node in definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode)}


def _definitions_first(definitions: tuple[DefinitionNode, ...]) -> Iterator[DefinitionNode]:
    """The definitions, where the first extension of a type that another subgraph defines stands as its definition.

    No subgraph defines the built-in scalars, and none can extend them.
    """
    defined = {*BUILT_IN_SCALARS, *(node.name.value for node in definitions if isinstance(node, TypeDefinitionNode))}
    for node in definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value not in defined:
            defined.add(node.name.value)
            parts = {key: getattr(node, key) for key in node.keys}
            yield _DEFINITION_OF[type(node)](**parts)
            continue
        yield node
