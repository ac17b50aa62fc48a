"""A subgraph's document made whole: its own federation machinery taken out, that of the specification put in, checked as GraphQL."""

from __future__ import annotations

from collections.abc import Iterator
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
    OperationType,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    parse,
)

from router.composition.codes import Code
from router.composition.report import Report, place_of
from router.composition.spec import federation
from router.composition.spec.features import COMPOSED_FEATURES
from router.composition.spec.link import DEFAULT_LINK, LINK
from router.composition.subgraph.definitions import check_definitions
from router.composition.subgraph.links import Links

ROOTS: dict[OperationType, str] = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}

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

    None where names or definitions contradict the specification, which is reported.
    """
    roots = _roots(document)
    names_fit = _check_root_names(document, roots, subgraph=subgraph, report=report)
    definitions_fit = check_definitions(document, links, subgraph=subgraph, report=report)
    if not (names_fit and definitions_fit):
        return None
    query = next((name for name, standard in roots.items() if standard == "Query"), "Query")
    own = tuple(_without_machinery(document, links, query=query))
    machinery = parse("\n".join(_machinery_sdl(links, own, query=query)), no_location=True).definitions
    whole = DocumentNode(definitions=(*_definitions_first(own), *machinery))
    return SubgraphDocument(own, roots, whole)


def _roots(document: DocumentNode) -> dict[str, str]:
    nodes = [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
    named = {
        operation.operation: operation.type.name.value for node in nodes for operation in node.operation_types or ()
    }
    if any(isinstance(node, SchemaDefinitionNode) for node in nodes):
        return {name: ROOTS[operation] for operation, name in named.items()}
    return {named.get(operation, standard): standard for operation, standard in ROOTS.items()}


def _check_root_names(document: DocumentNode, roots: dict[str, str], *, subgraph: str, report: Report) -> bool:
    """Renamed roots get their standard names, which nothing else may bear."""
    renamed = {standard: name for name, standard in roots.items() if name != standard}
    usurpers = [
        node for node in document.definitions if isinstance(node, TypeDefinitionNode) and node.name.value in renamed
    ]
    for node in usurpers:
        standard = node.name.value
        report.error(
            Code[f"ROOT_{standard.upper()}_USED"],
            f'[{subgraph}] The type "{standard}" is not the {standard.lower()} root, "{renamed[standard]}" is:'
            f' rename it, or call the root "{standard}".',
            coordinates=[standard],
            places=[place_of(node, subgraph=subgraph)],
        )
    return not usurpers


def _without_machinery(document: DocumentNode, links: Links, *, query: str) -> Iterator[DefinitionNode]:
    """The document without what federation adds to every subgraph: it is the same everywhere and never merged."""
    directives = {*links.canonical_directives(), links.link_name}
    types = {*federation.OPERATION_TYPES, "_FieldSet", *_machinery_types(links)}
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in directives:
            continue
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode) and node.name.value in types:
            continue
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value == query:
            kept = tuple(field for field in node.fields or () if field.name.value not in federation.OPERATION_FIELDS)
            if kept or not node.fields:
                yield replace(node, fields=kept)
            continue
        yield node


def _machinery_types(links: Links) -> Iterator[str]:
    link = links.features.get(LINK, DEFAULT_LINK)
    yield from (link.type_name("Import"), link.type_name("Purpose"))
    feature = links.federation
    if feature is not None:
        yield from (feature.type_name(type_.name) for type_ in federation.types(feature.url.version))


def _machinery_sdl(links: Links, own: tuple[DefinitionNode, ...], *, query: str) -> Iterator[str]:
    if all(getattr(getattr(node, "name", None), "value", None) != query for node in own):
        yield f"type {query} {{ _service: Boolean }}"  # the root of a subgraph that serves entities only
    link = links.features.get(LINK, DEFAULT_LINK)
    name = links.link_name
    import_, purpose = link.type_name("Import"), link.type_name("Purpose")
    yield f"directive @{name}(url: String, as: String, for: {purpose}, import: [{import_}]) repeatable on SCHEMA"
    yield f"scalar {import_}"
    yield f"enum {purpose} {{ SECURITY EXECUTION }}"
    feature = links.federation
    defined: set[str] = set()
    if feature is not None:
        for type_ in federation.types(feature.url.version):
            yield f"scalar {feature.type_name(type_.name)}"
        for directive in federation.directives(feature.url.version):
            defined.add(feature.directive_name(directive.name))
            yield federation.definition_sdl(directive, feature)
    for composed in COMPOSED_FEATURES:
        linked = links.features.get(composed.url.rsplit("/", 1)[0])
        if linked is None:
            continue
        yield from (f"scalar {scalar}" for scalar in composed.scalars)
        for directive_name, definition in composed.directives.items():
            local = linked.directive_name(directive_name)
            if local not in defined:
                yield definition.format(name=local)


def _definitions_first(definitions: tuple[DefinitionNode, ...]) -> Iterator[DefinitionNode]:
    """The definitions, where the first extension of a type that another subgraph defines stands as its definition."""
    defined = {node.name.value for node in definitions if isinstance(node, TypeDefinitionNode)}
    for node in definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value not in defined:
            defined.add(node.name.value)
            parts = {key: getattr(node, key) for key in node.keys}
            yield _DEFINITION_OF[type(node)](**parts)
            continue
        yield node
