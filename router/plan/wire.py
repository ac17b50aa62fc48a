"""A plan as JSON, with the node kinds and field names of Apollo's query plans.

The waves of `show` again. Keys of the merged tree that differ from a field's name appear as aliases in `operation` and in
`requires`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from router.plan.nodes import Fetch, QueryPlan, Representation, RepresentationField
from router.plan.paths import path_items
from router.plan.waves import waves

Json: TypeAlias = dict[str, Any]


def to_json(plan: QueryPlan) -> Json:
    """The plan as JSON values; without fetches it has no `node`."""
    cut = waves(plan.fetches)
    if not cut:
        return {"kind": "QueryPlan"}
    if plan.kind == "subscription":
        return {"kind": "QueryPlan", "node": _subscription(cut)}
    return {"kind": "QueryPlan", "node": _sequence(cut)}


def _subscription(cut: Sequence[Sequence[Fetch]]) -> Json:
    node: Json = {"kind": "Subscription", "primary": _fetch(cut[0][0])}
    if cut[1:]:
        node["rest"] = _sequence(cut[1:])
    return node


def _sequence(cut: Sequence[Sequence[Fetch]]) -> Json:
    nodes = [_wave(wave) for wave in cut]
    return nodes[0] if len(nodes) == 1 else {"kind": "Sequence", "nodes": nodes}


def _wave(wave: Sequence[Fetch]) -> Json:
    nodes = [_located(fetch) for fetch in wave]
    return nodes[0] if len(nodes) == 1 else {"kind": "Parallel", "nodes": nodes}


def _located(fetch: Fetch) -> Json:
    node = _fetch(fetch)
    path = fetch.anchors[0].path if fetch.anchors else fetch.path
    return {"kind": "Flatten", "path": path_items(path), "node": node} if path else node


def _fetch(fetch: Fetch) -> Json:
    node: Json = {
        "kind": "Fetch",
        "serviceName": fetch.subgraph,
        "variableUsages": list(fetch.variables),
        "operation": fetch.operation,
        "operationKind": fetch.kind,
        "id": str(fetch.id),
    }
    if fetch.operation_name is not None:
        node["operationName"] = fetch.operation_name
    representations = [choice for anchor in fetch.anchors for choice in anchor.representations]
    if representations:
        node["requires"] = [_representation(choice) for choice in representations]
    rewrites = [_renamed(choice) for choice in representations if choice.typename != choice.on]
    if rewrites:
        node["inputRewrites"] = rewrites
    return node


def _representation(choice: Representation) -> Json:
    typename: Json = {"kind": "Field", "name": "__typename"}
    return _fragment(choice.on, [typename, *_fields(choice.fields)])


def _fields(fields: Iterable[RepresentationField]) -> list[Json]:
    nodes: list[Json] = []
    for wanted in fields:
        node: Json = {"kind": "Field", "name": wanted.name}
        if wanted.key != wanted.name:
            node["alias"] = wanted.key
        if wanted.fields:
            node["selections"] = _fields(wanted.fields)
        nodes.extend(_fragment(type_, [node]) for type_ in wanted.on) if wanted.on else nodes.append(node)
    return nodes


def _fragment(type_: str, selections: list[Json]) -> Json:
    return {"kind": "InlineFragment", "typeCondition": type_, "selections": selections}


def _renamed(choice: Representation) -> Json:
    path = [f"... on {choice.on}", "__typename"]
    return {"kind": "ValueSetter", "path": path, "setValueTo": choice.typename}
