"""The schema of one subgraph as a supergraph remembers it: what its operations are validated and executed against in tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_specified_scalar_type,
    print_ast,
    print_type,
)

from router.supergraph.model import SubgraphField, Supergraph, Type


@lru_cache(maxsize=64)
def subgraph_view(supergraph: Supergraph, subgraph: str) -> GraphQLSchema:
    """Types, fields, members and per-subgraph field types of one subgraph, with `_entities` where it has keys."""
    return build_schema("\n".join(_definitions(supergraph, subgraph)), assume_valid_sdl=False)


def _definitions(supergraph: Supergraph, subgraph: str) -> Iterator[str]:
    entities: list[str] = []
    has_query = False
    for name, type_ in supergraph.types.items():
        if subgraph not in type_.subgraphs:
            continue
        extra = ""
        has_keys = subgraph in type_.keys and _is_object(type_, subgraph)
        if has_keys:
            entities.append(name)
        if name == supergraph.query:
            has_query = True
            extra = "_service: Boolean"
        text = _definition(supergraph, type_, subgraph, extra)
        if text:
            yield text
    yield "scalar _Any"
    if not has_query:
        yield "type Query { _service: Boolean }"
    if entities:
        yield f"union _Entity = {' | '.join(entities)}"
        yield "extend type Query { _entities(representations: [_Any!]!): [_Entity]! }"


def _is_object(type_: Type, subgraph: str) -> bool:
    return type_.kind == "OBJECT" or subgraph in type_.interface_object_in


def _definition(supergraph: Supergraph, type_: Type, subgraph: str, extra: str) -> str:
    full = supergraph.full.type_map[type_.name]
    match full:
        case GraphQLObjectType() | GraphQLInterfaceType():
            fields = [
                _field(full.fields[name].args, name, field.by_subgraph[subgraph])
                for name, field in type_.fields.items()
                if subgraph in field.by_subgraph
            ]
            if extra:
                fields.append(extra)
            if not fields:
                return ""
            keyword = "type" if _is_object(type_, subgraph) else "interface"
            return f"{keyword} {type_.name}{_implements(supergraph, type_, subgraph)} {{ {' '.join(fields)} }}"
        case GraphQLEnumType() | GraphQLInputObjectType():
            return print_type(full)
    if type_.kind == "UNION":
        members = " | ".join(sorted(type_.members[subgraph]))
        return f"union {type_.name} = {members}" if members else ""
    return "" if is_specified_scalar_type(full) else f"scalar {type_.name}"


def _implements(supergraph: Supergraph, type_: Type, subgraph: str) -> str:
    names = [
        other.name
        for other in supergraph.types.values()
        if other.kind == "INTERFACE"
        and type_.name in other.members.get(subgraph, ())
        and subgraph not in other.interface_object_in
    ]
    return f" implements {' & '.join(names)}" if names else ""


def _field(arguments: dict[str, GraphQLArgument], name: str, resolved: SubgraphField) -> str:
    nodes = [definition.ast_node for definition in arguments.values() if definition.ast_node]
    given = [print_ast(replace(node, directives=(), description=None)) for node in nodes]
    given += [f"{argument.name}: {argument.type}" for argument in resolved.context_arguments]
    return f"{name}({', '.join(given)}): {resolved.type}" if given else f"{name}: {resolved.type}"
