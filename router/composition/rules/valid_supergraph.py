"""INVALID_GRAPHQL, after merging: the supergraph is a valid GraphQL schema, e.g. implementations still fit their interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphql import DocumentNode, GraphQLError, Node, build_ast_schema, parse

from router.composition.model.report import Report
from router.composition.model.schema import BUILT_IN_SCALARS, ROOT_TYPES, Argument, Field, Schema
from router.composition.model.soundness import Soundness
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.rules import invalid_graphql
from router.supergraph.validity import schema_errors

_MACHINERY = ("join__", "link__")


def check(supergraph: Schema, sdl: str, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report what is wrong with the merged schema; `sdl` is its print."""
    usurping = dict(_usurping(supergraph))
    for name, owner in usurping.items():
        message = f'type "{name}" bears a name {owner}. Rename it.'
        invalid_graphql.report_merged(message, subgraphs, report, coordinates=[name])
    if usurping or Soundness(supergraph).is_plain():
        return
    unknown = list(_of_unknown_types(supergraph))
    for element in unknown:
        message = (
            f'"{element.coordinate}" is of type "{element.type}", which federation has for its own use. Choose another.'
        )
        invalid_graphql.report_merged(message, subgraphs, report, coordinates=[element.coordinate])
    if unknown:
        return
    document = parse(sdl, no_location=True)
    coordinates = dict(_coordinates(document))
    for error in schema_errors(build_ast_schema(document, assume_valid_sdl=True)):
        at = [coordinates[id(node)] for node in error.nodes or () if id(node) in coordinates]
        invalid_graphql.report_merged(_sentence(error), subgraphs, report, coordinates=at)


def _of_unknown_types(supergraph: Schema) -> Iterator[Field | Argument]:
    """What is of a type that a subgraph knows and that is never merged."""
    for element in supergraph.elements():
        if isinstance(element, Field | Argument):
            name = base_name(element.type)
            if name not in supergraph.types and name not in BUILT_IN_SCALARS:
                yield element


def _usurping(supergraph: Schema) -> Iterator[tuple[str, str]]:
    """Types with names that a supergraph gives to others, and to which."""
    for name, type_ in supergraph.types.items():
        if name.startswith(_MACHINERY):
            yield name, "of the supergraph's own machinery"
        if name in ROOT_TYPES and type_.kind != "OBJECT":
            yield name, "that roots have, and roots are objects"


def _sentence(error: GraphQLError) -> str:
    return error.message if error.message.endswith((".", "!", "?")) else f"{error.message}."


def _coordinates(document: DocumentNode) -> Iterator[tuple[int, str]]:
    """The coordinate of each node of a schema document, by the node's identity; what has none is part of what has one."""
    for definition in document.definitions:
        name = getattr(definition, "name", None)
        if name is not None:
            yield from _below(definition, name.value)


def _below(node: Any, coordinate: str) -> Iterator[tuple[int, str]]:
    yield id(node), coordinate
    for key in node.keys:
        parts = getattr(node, key)
        for part in parts if isinstance(parts, tuple) else (parts,):
            if isinstance(part, Node) and key != "directives":
                yield from _below(part, _extended(coordinate, key, part))


def _extended(coordinate: str, key: str, part: Any) -> str:
    match key:
        case "fields" if hasattr(part, "type"):
            return f"{coordinate}.{part.name.value}"
        case "values" if hasattr(part, "directives"):
            return f"{coordinate}.{part.name.value}"
        case "arguments":
            return f"{coordinate}({part.name.value}:)"
    return coordinate
