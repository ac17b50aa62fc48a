"""A plan as JSON, with the node kinds and field names of Apollo's query plans.

The waves of `show` again. By default every node is one that tools for those plans know: a request for objects at several paths
appears as one `Flatten` and `Fetch` for each of them, and keys of the merged tree that the client does not know are renamed
by `outputRewrites`. `batched=True` shows each request as it is sent instead, those as a `BatchFetch`, with the keys of the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from router.plan.nodes import (
    Anchor,
    ContextRead,
    Entities,
    Fetch,
    Path,
    PathKey,
    QueryPlan,
    Representation,
    RepresentationField,
)
from router.plan.parts import Branch, branches_of, selection_lines
from router.plan.paths import path_items
from router.plan.renames import Seen, renamed_inputs, renamed_path, renames
from router.plan.single import is_batch, selections_of, singles
from router.plan.waves import waves
from router.plan.whole import whole_output

Json: TypeAlias = dict[str, Any]


def to_json(plan: QueryPlan, *, batched: bool = False) -> Json:
    """The plan as JSON values; without fetches it has no `node`."""
    writer = _Batched(plan) if batched else _Standard(plan)
    if plan.deferred:
        return {"kind": "QueryPlan", "node": _defer(branches_of(plan), writer)}
    cut = waves(plan.fetches)
    if not cut:
        return {"kind": "QueryPlan"}
    if plan.kind == "subscription":
        return {"kind": "QueryPlan", "node": _subscription(cut, writer)}
    return {"kind": "QueryPlan", "node": _sequence(cut, writer)}


@dataclass(frozen=True, slots=True)
class _Standard:
    """Writes a fetch as nodes that every tool knows."""

    plan: QueryPlan

    def nodes(self, fetch: Fetch) -> list[Json]:
        return [self._located(single) for single in singles(fetch)]

    def _located(self, fetch: Fetch) -> Json:
        anchor = fetch.anchors[0] if fetch.anchors else None
        path, seen = renamed_path(anchor.path if anchor else fetch.path, whole_output(self.plan))
        node = _request(fetch)
        if anchor:
            node |= _inputs(anchor, seen)
        selected = selections_of(fetch, fetch.entities[0] if anchor else None)
        rewrites = [_key_renamed(found.path, found.key) for found in renames(selected, seen)]
        if rewrites:
            node["outputRewrites"] = rewrites
        return {"kind": "Flatten", "path": path_items(path), "node": node} if path else node


@dataclass(frozen=True, slots=True)
class _Batched:
    """Writes a fetch as the request that it is."""

    plan: QueryPlan

    def nodes(self, fetch: Fetch) -> list[Json]:
        node = _request(fetch)
        if is_batch(fetch):
            return [{**node, "kind": "BatchFetch", "entities": [_asked(asked) for asked in fetch.entities]}]
        path = fetch.path
        for anchor in fetch.anchors:
            path, node = anchor.path, node | _inputs(anchor)
        return [{"kind": "Flatten", "path": path_items(path), "node": node} if path else node]


_Writer: TypeAlias = _Standard | _Batched


def _subscription(cut: Sequence[Sequence[Fetch]], writer: _Writer) -> Json:
    [primary] = writer.nodes(cut[0][0])
    node: Json = {"kind": "Subscription", "primary": primary}
    if cut[1:]:
        node["rest"] = _sequence(cut[1:], writer)
    return node


def _defer(branch: Branch, writer: _Writer) -> Json:
    return {
        "kind": "Defer",
        "primary": _shown(branch, writer),
        "deferred": [_deferred(part, writer) for part in branch.within],
    }


def _deferred(branch: Branch, writer: _Writer) -> Json:
    assert branch.part is not None, "only the primary answer is no part"
    path, _ = renamed_path(branch.part.path, whole_output(writer.plan))
    node: Json = {"depends": [{"id": str(number)} for number in branch.depends]}
    if branch.part.label is not None:
        node["label"] = branch.part.label
    node["queryPath"] = [step.key for step in path if isinstance(step, PathKey)]
    return node | ({"node": _defer(branch, writer)} if branch.within else _shown(branch, writer))


def _shown(branch: Branch, writer: _Writer) -> Json:
    cut = waves(branch.fetches)
    node: Json = {"subselection": " ".join(["{", *" ".join(selection_lines(branch.output)).split(), "}"])}
    return node | ({"node": _sequence(cut, writer)} if cut else {})


def _sequence(cut: Sequence[Sequence[Fetch]], writer: _Writer) -> Json:
    return _of_many("Sequence", [_wave(wave, writer) for wave in cut])


def _wave(wave: Sequence[Fetch], writer: _Writer) -> Json:
    return _of_many("Parallel", [node for fetch in wave for node in writer.nodes(fetch)])


def _of_many(kind: str, nodes: list[Json]) -> Json:
    return nodes[0] if len(nodes) == 1 else {"kind": kind, "nodes": nodes}


def _request(fetch: Fetch) -> Json:
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
    return node


# ── inputs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _asked(asked: Entities) -> Json:
    targets = [{"path": path_items(anchor.path), **_inputs(anchor)} for anchor in asked.anchors]
    return {"alias": asked.key, "variable": asked.variable, "targets": targets}


def _inputs(anchor: Anchor, seen: Seen | None = None) -> Json:
    """What objects are named by: under the client's keys where it is told what the client sees, else under the tree's."""
    node: Json = {"requires": [_representation(choice, seen) for choice in anchor.representations]}
    rewrites = [_named_as(choice) for choice in anchor.representations if choice.typename != choice.on]
    if rewrites:
        node["inputRewrites"] = rewrites
    contexts = [rewrite for read in anchor.contexts for rewrite in _read(read, anchor.path)]
    if contexts:
        node["contextRewrites"] = contexts
    return node


def _representation(choice: Representation, seen: Seen | None) -> Json:
    fields = choice.fields if seen is None else renamed_inputs(choice.fields, seen.only([choice.on]))
    typename: Json = {"kind": "Field", "name": "__typename"}
    return _fragment(choice.on, [typename, *_fields(fields)])


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


# ── rewrites ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _named_as(choice: Representation) -> Json:
    path = [f"... on {choice.on}", "__typename"]
    return {"kind": "ValueSetter", "path": path, "setValueTo": choice.typename}


def _read(read: ContextRead, path: Path) -> list[Json]:
    """A context as renamed keys: up from the object to the one that sets it, and down to the value, for each of its types."""
    up = [".." for step in path[read.at :] if isinstance(step, PathKey)]
    return [_key_renamed((*up, f"... on {type_}", *keys), read.variable) for type_, keys in read.keys]


def _key_renamed(path: Sequence[str], key: str) -> Json:
    return {"kind": "KeyRenamer", "path": list(path), "renameKeyTo": key}
