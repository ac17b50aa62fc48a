"""What holds for every plan, whatever the operation: asserted on each plan that a test makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from graphql import (
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    print_ast,
    validate,
)

from router.graph import graph_of
from router.graph.needs import Need
from router.limits import ENTITIES_PER_REQUEST_MAX
from router.operation.model import Operation
from router.plan import Anchor, Fetch, OutputSelection, Path, PathKey, QueryPlan, RepresentationField
from router.plan.waves import waves
from router.planner import labels_met, plan
from router.supergraph.model import Supergraph
from tests.router.invariants.answered import assert_answered
from tests.router.invariants.asked import assert_asked_rightly
from tests.router.invariants.parts import assert_parts, part_of, primary
from tests.router.invariants.picks import Pick, picks_of
from tests.router.parsed import operation_in, parsed
from tests.router.subgraph_views import subgraph_view


def assert_plan_invariants(
    made: QueryPlan,
    supergraph: Supergraph,
    operation: Operation | None = None,
    labels: frozenset[str] = frozenset(),
    *,
    schemas: Mapping[str, GraphQLSchema] | None = None,
) -> None:
    """Fail where a plan breaks a rule that every plan keeps.

    With `operation`, plan it again to see that nothing varies. `schemas` are the subgraphs' own; without them, requests are
    validated against what the supergraph remembers of the subgraphs.
    """
    by_id = {fetch.id: fetch for fetch in made.fetches}
    assert [fetch.id for fetch in made.fetches] == list(range(len(made.fetches)))
    for fetch in made.fetches:
        _assert_valid(fetch, schemas[fetch.subgraph] if schemas else subgraph_view(supergraph, fetch.subgraph))
        _assert_variables(fetch)
        _assert_order(fetch, by_id)
        _assert_inputs(fetch, by_id, supergraph)
    picks = [pick for fetch in made.fetches for pick in picks_of(fetch, supergraph)]
    assert_asked_rightly(picks, supergraph, labels)
    assert_answered(made.output, primary(made, picks), supergraph, operation)
    assert_parts(made, picks)
    _assert_no_twins(made)
    _assert_mutations(made)
    _assert_needed(made)
    _assert_batched(made)
    for output in (made.output, *(part.output for part in made.deferred)):
        _assert_output(output, supergraph)
    if made.kind == "subscription" and made.fetches:
        assert made.fetches[0].kind == "subscription"
        assert all(fetch.after for fetch in made.fetches[1:])
    if operation is not None:
        assert plan(operation, supergraph, labels) == made
        met = labels_met(operation, supergraph)
        assert plan(operation, supergraph, labels & met) == made, "a label counts that the plan is not keyed by"


def _assert_valid(fetch: Fetch, schema: GraphQLSchema) -> None:
    errors = validate(schema, parsed(fetch.operation))
    assert not errors, f"{fetch.subgraph} would refuse {fetch.operation}: {errors[0].message}"


def _operation(fetch: Fetch) -> OperationDefinitionNode:
    return operation_in(fetch.operation)


def _assert_variables(fetch: Fetch) -> None:
    operation = _operation(fetch)
    declared = [definition.variable.name.value for definition in operation.variable_definitions or ()]
    sent = [asked.variable for asked in fetch.entities]
    sent += dict.fromkeys(read.variable for anchor in fetch.anchors for read in anchor.contexts)
    assert declared[: len(sent)] == sent
    assert tuple(declared[len(sent) :]) == fetch.variables == tuple(sorted(fetch.variables))
    assert not {*sent} & {*fetch.variables}
    assert (operation.name.value if operation.name else None) == fetch.operation_name
    assert operation.operation.value == fetch.kind


def _assert_order(fetch: Fetch, by_id: dict[int, Fetch]) -> None:
    assert all(before < fetch.id for before in fetch.after)
    assert len(set(fetch.after)) == len(fetch.after)
    for before in fetch.after:
        implied = {i for other in fetch.after if other != before for i in _ancestors(by_id[other], by_id)}
        assert before not in implied, "a dependency that another one implies is left out"
    if fetch.entities:
        assert fetch.after, "an entity fetch waits for whoever names its entities"


def _ancestors(fetch: Fetch, by_id: dict[int, Fetch]) -> set[int]:
    found: set[int] = set()
    for before in fetch.after:
        found |= {before} | _ancestors(by_id[before], by_id)
    return found


# ── inputs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _assert_inputs(fetch: Fetch, by_id: dict[int, Fetch], supergraph: Supergraph) -> None:
    earlier = [by_id[before] for before in sorted(_ancestors(fetch, by_id))]
    provided = {path for other in earlier for path in _provided(other)}
    _assert_reached(fetch.path, provided)
    for anchor in fetch.anchors:
        _assert_reached(anchor.path, provided)
        _assert_anchor(fetch, anchor, provided, supergraph)
    _assert_exact_inputs(fetch, picks_of(fetch, supergraph), supergraph)


def _assert_reached(path: Path, provided: set[tuple[str, ...]]) -> None:
    keys = _keys(path)
    for index, step in enumerate(s for s in path if isinstance(s, PathKey)):
        if step.on:
            assert (*keys[:index], "__typename") in provided, f"nobody names the type that guards {step.key}"
    if keys:
        assert keys in provided, f"nobody brings objects to {'.'.join(keys)}"


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(step.key for step in path if isinstance(step, PathKey))


def _assert_anchor(fetch: Fetch, anchor: Anchor, provided: set[tuple[str, ...]], supergraph: Supergraph) -> None:
    keys = _keys(anchor.path)
    for representation in anchor.representations:
        named = supergraph.types[representation.on].kind == "INTERFACE" or (*keys, "__typename") in provided
        assert named, f"nobody names the entities at {'.'.join(keys)}"
        known_as = supergraph.types[representation.typename]
        assert fetch.subgraph in known_as.subgraphs
        assert any(key.resolvable for key in known_as.keys.get(fetch.subgraph, ()))
        assert any(field.is_key for field in representation.fields)
        for field in representation.fields:
            _assert_provided(field, keys, provided)


def _assert_provided(field: RepresentationField, at: tuple[str, ...], provided: set[tuple[str, ...]]) -> None:
    path = (*at, field.key)
    assert path in provided, f"no earlier fetch provides {'.'.join(path)}"
    for inner in field.fields:
        _assert_provided(inner, path, provided)


def _provided(fetch: Fetch) -> Iterator[tuple[str, ...]]:
    selections = _operation(fetch).selection_set
    if not fetch.entities:
        yield from _paths(selections, _keys(fetch.path))
    for asked, entities in zip(fetch.entities, selections.selections, strict=bool(fetch.entities)):
        assert isinstance(entities, FieldNode)
        assert entities.selection_set is not None
        assert asked.key == (entities.alias or entities.name).value
        for anchor in asked.anchors:
            yield from _paths(entities.selection_set, _keys(anchor.path))


def _paths(selections: SelectionSetNode, at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            path = (*at, node.alias.value if node.alias else node.name.value)
            yield path
            if node.selection_set:
                yield from _paths(node.selection_set, path)
        else:
            yield from _paths(node.selection_set, at)  # type: ignore[attr-defined]  # fetches spread no named fragments


def _assert_exact_inputs(fetch: Fetch, picks: Sequence[Pick], supergraph: Supergraph) -> None:
    """Representations hold a resolvable key of the subgraph, and besides it only what selected fields require."""
    graph = graph_of(supergraph)
    for representation in (choice for anchor in fetch.anchors for choice in anchor.representations):
        ways = graph.naming_entries if supergraph.types[representation.on].kind == "INTERFACE" else graph.entries
        entries = [entry for entry in ways(representation.on) if entry.graph == fetch.subgraph]
        given = {field.name for field in representation.fields}
        keys = [{need.name for need in entry.needs} for entry in entries]
        assert any(key <= given for key in keys)
        required = {need.name for need in _required(picks, representation.on, supergraph)}
        assert given <= set().union(*keys) | required, f"{fetch.subgraph} gets inputs that it did not ask for"


def _required(picks: Iterable[Pick], type_: str, supergraph: Supergraph) -> Iterator[Need]:
    graph = graph_of(supergraph)
    for pick in picks:
        owner = supergraph.types[pick.parent]
        field = owner.fields.get(pick.name)
        resolved = field.by_subgraph.get(pick.fetch.subgraph) if field else None
        if resolved and resolved.requires and type_ in owner.possible:
            yield from graph.needs(resolved.requires, pick.parent)


# ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _assert_no_twins(made: QueryPlan) -> None:
    """No two fetches ask the same of the same subgraph at the same place."""
    seen = [
        (part_of(fetch, made), fetch.subgraph, fetch.path, fetch.entities, fetch.operation.partition("{")[2])
        for fetch in made.fetches
        if fetch.kind != "mutation"
    ]
    assert len(seen) == len(set(map(repr, seen)))


def _assert_mutations(made: QueryPlan) -> None:
    """The client's mutations are called once each, in the order of the document, each behind all that came before."""
    called = [fetch for fetch in made.fetches if _operation(fetch).operation is OperationType.MUTATION]
    assert all(not fetch.entities and fetch.path == () for fetch in called)
    if made.kind != "mutation":
        assert not called
        return
    by_id = {fetch.id: fetch for fetch in made.fetches}
    for earlier, later in pairwise(called):
        assert earlier.id in _ancestors(later, by_id), "a mutation waits for those before it"
    keys = [path[0] for fetch in called for path in _paths(_operation(fetch).selection_set, ()) if len(path) == 1]
    (fields,) = made.output.by_type.values()
    wanted = [field.source for field in fields if not field.name.startswith("__")]
    # A denied mutation is shown as null and never called.
    assert keys == [source for source in wanted if source in keys]
    assert len(keys) == len(set(keys))


def _assert_needed(made: QueryPlan) -> None:
    """What no subgraph is needed for, no subgraph is asked for."""
    outputs = [made.output, *(part.output for part in made.deferred)]
    fields = [field for output in outputs for shown in output.by_type.values() for field in shown]
    assert made.fetches == () or any(not field.name.startswith("__") for field in fields)


def _assert_batched(made: QueryPlan) -> None:
    """Entity fetches of one subgraph in one wave are one request, as long as it has room; no two of its fields are alike."""
    parts = {part_of(fetch, made) for fetch in made.fetches}
    for wave in ([f for f in wave if part_of(f, made) == part] for wave in waves(made.fetches) for part in parts):
        room: set[str] = set()
        for fetch in wave:
            if not fetch.entities or any(anchor.contexts for anchor in fetch.anchors):
                continue
            assert fetch.subgraph not in room, f"{fetch.subgraph} is asked twice in one wave"
            if len(fetch.entities) < ENTITIES_PER_REQUEST_MAX:
                room.add(fetch.subgraph)
            texts = [print_ast(node) for node in _operation(fetch).selection_set.selections]
            asked = [
                (
                    text.partition("{")[2],
                    {_shape(choice.fields) for anchor in field.anchors for choice in anchor.representations},
                )
                for text, field in zip(texts, fetch.entities, strict=True)
            ]
            assert all(one not in asked[:index] for index, one in enumerate(asked)), "one question is asked twice"


def _shape(fields: tuple[RepresentationField, ...]) -> tuple[object, ...]:
    return tuple((field.name, field.on, _shape(field.fields)) for field in fields)


def _assert_output(output: OutputSelection, supergraph: Supergraph) -> None:
    """Every type that the API may show at a position has its fields, each read from a key of its own."""
    hidden = {name for name, type_ in supergraph.types.items() if type_.inaccessible}
    assert set(output.by_type) == supergraph.types[output.type_name].possible - hidden
    for fields in output.by_type.values():
        keys = [field.key for field in fields]
        assert len(keys) == len(set(keys))
        sources = [field.source for field in fields if field.name != "__typename"]
        assert len(sources) == len(set(sources))
        for field in fields:
            if field.selection is not None:
                _assert_output(field.selection, supergraph)
