"""Resolvers over a world, for the single schema and for each subgraph; and the subgraphs as ASGI applications."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, cast

import orjson
from graphql import (
    DirectiveNode,
    ExecutionResult,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from router.transport.asgi_scope import AsgiApp, Receive, Send
from tests.router.oracle.schemas import MONOLITH, SUBGRAPHS
from tests.router.oracle.world import KEYS, Node, World

FEDERATION: Final = """
scalar FieldSet
scalar _Any
directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @shareable on OBJECT | FIELD_DEFINITION
directive @external on FIELD_DEFINITION
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
"""
MONOLITH_SCHEMA: Final = build_schema(MONOLITH)


def resolve(source: Node, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    """The value of any field: what the node holds, shaped by the arguments; or the fault planted there."""
    world: World = info.context["world"]
    if (source["__label"], info.field_name) in world.faults:
        raise RuntimeError(f"fault at {source['__label']}.{info.field_name}")
    if info.field_name in COMPUTED:
        return COMPUTED[info.field_name](_inputs(source, info))
    return _shaped(world, source[info.field_name], arguments)


def _inputs(source: Node, info: GraphQLResolveInfo[Any]) -> Mapping[str, Any]:
    """What a field with @requires reads: in its subgraph only what the router sent, which must be complete."""
    if not info.context["subgraph"]:
        return source
    given: Mapping[str, Any] = source["__given"]
    return given


def _duty(inputs: Mapping[str, Any]) -> int | None:
    return None if inputs["weight"] is None else inputs["weight"] * 2


def _toll(inputs: Mapping[str, Any]) -> float:
    berth = inputs["berth"]
    return float(inputs["tonnage"]) if berth is None else inputs["tonnage"] + (berth["depth"] or 0.0)


COMPUTED: Final = {"duty": _duty, "toll": _toll}


def _shaped(world: World, value: Any, arguments: Mapping[str, Any]) -> Any:
    match arguments:
        case {"first": int(first)} if value is not None:
            return value[: max(first, 0)]
        case {"id": str(key)}:
            return world.find("Vessel", {"id": key})
        case {"first": _} | {}:
            return value
        case _:
            return None if value is None else f"{value} {sorted(arguments.items())}"


def resolve_type(value: Node, _info: Any, _abstract: Any) -> str:
    """The runtime type of a node of an abstract type."""
    typename: str = value["__typename"]
    return typename


def execute_monolith(operation: str, variables: dict[str, Any], world: World) -> ExecutionResult:
    """What one GraphQL server over the same data answers."""
    return execute_sync(
        MONOLITH_SCHEMA,
        parse(operation),
        world.root,
        {"world": world, "subgraph": False},
        variables,
        field_resolver=resolve,
        type_resolver=resolve_type,
    )


def subgraph_schema(sdl: str) -> GraphQLSchema:
    """An executable schema of a subgraph, `_entities` included. Its external fields must never be asked."""
    entities = [name for name in KEYS if re.search(rf"type {name} [^{{]*@key", sdl)]
    schema = build_schema(
        f"{FEDERATION} {sdl} union _Entity = {' | '.join(entities)}"
        " extend type Query { _entities(representations: [_Any!]!): [_Entity]! }"
    )
    query = cast("GraphQLObjectType", schema.query_type)
    query.fields["_entities"].resolve = _resolve_entities
    for declared in schema.type_map.values():
        for field in declared.fields.values() if isinstance(declared, GraphQLObjectType) else ():
            if field.ast_node and _is_external(field.ast_node.directives):
                field.resolve = _refuse_external
    return schema


def _is_external(directives: tuple[DirectiveNode, ...] | None) -> bool:
    return any(directive.name.value == "external" for directive in directives or ())


def _refuse_external(_source: Any, info: GraphQLResolveInfo[Any], **_arguments: Any) -> Any:
    raise AssertionError(f"{info.parent_type.name}.{info.field_name} is external here and must not be asked")


def _resolve_entities(_root: Any, info: GraphQLResolveInfo[Any], representations: list[dict[str, Any]]) -> list[Any]:
    world: World = info.context["world"]
    found = [world.find(each["__typename"], each) for each in representations]
    return [
        None if node is None else {**node, "__given": given} for node, given in zip(found, representations, strict=True)
    ]


SCHEMAS: Final = {name: subgraph_schema(sdl) for name, sdl in SUBGRAPHS.items()}


def subgraph_app(schema: GraphQLSchema, world: World) -> AsgiApp:
    """The subgraph behind HTTP. A document that breaks its schema fails the test, for the planner must never send one."""

    async def app(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        payload = orjson.loads((await receive())["body"])
        document = parse(payload["query"])
        assert not (errors := validate(schema, document)), (payload["query"], errors)
        result = execute_sync(
            schema,
            document,
            world.root,
            {"world": world, "subgraph": True},
            payload.get("variables"),
            payload.get("operationName"),
            field_resolver=resolve,
            type_resolver=resolve_type,
        )
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": orjson.dumps(result.formatted)})

    return app


def subgraph_apps(world: World) -> dict[str, AsgiApp]:
    """All subgraphs over one world."""
    return {name: subgraph_app(schema, world) for name, schema in SCHEMAS.items()}
