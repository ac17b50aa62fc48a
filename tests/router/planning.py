"""What planner tests share: fixtures of supergraphs, plans of queries with their invariants checked, and whole runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import OperationDefinitionNode, get_variable_values, parse, validate

from router.executor import ExecutionResult, execute, subscribe
from router.operation import Operation, normalize
from router.plan import Entities, Fetch, QueryPlan, RepresentationField
from router.plan.paths import path_items
from router.plan.show import show
from router.planner import plan
from router.supergraph import Supergraph, load_supergraph
from tests.router.plan_invariants import assert_plan_invariants
from tests.router.world import World, WorldTransport

FIXTURES = Path(__file__).parent / "fixtures"


@lru_cache(maxsize=16)
def fixture(name: str) -> Supergraph:
    """The supergraph composed in fixtures/<name>.graphql."""
    return load_supergraph((FIXTURES / f"{name}.graphql").read_text())


def supergraph_of(graphs: str, types: str) -> Supergraph:
    """A tiny supergraph: the subgraphs' names (upper case, in the SDL and in plans alike), and types with join directives."""
    values = " ".join(
        f'{name} @join__graph(name: "{name}", url: "http://{name.lower()}.test")' for name in graphs.split()
    )
    return load_supergraph(JOIN.replace("GRAPHS", values) + types)


JOIN = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
{ query: Query }
directive @inaccessible on OBJECT
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
enum join__Graph { GRAPHS }
scalar join__FieldSet
"""


def normalized(supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None) -> Operation:
    """A query validated and normalised."""
    document = parse(query)
    errors = validate(supergraph.api, document)
    assert not errors, f"the test's query is not valid: {errors[0].message}"
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    coerced = get_variable_values(supergraph.api, operation.variable_definitions or (), dict(variables or {}))
    values: Any = coerced
    return normalize(document, None, supergraph, getattr(values, "coerced", values))


def planned(
    supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None, labels: Iterable[str] = ()
) -> QueryPlan:
    """The plan of a query where these override labels are true, with everything that holds for every plan checked."""
    operation = normalized(supergraph, query, variables)
    made = plan(operation, supergraph, frozenset(labels))
    assert_plan_invariants(made, supergraph, operation, frozenset(labels))
    return made


def shown(supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None) -> str:
    """The plan of a query as text."""
    return show(planned(supergraph, query, variables))


def asked(
    supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None, labels: Iterable[str] = ()
) -> list[str]:
    """The fetches of a plan, a line each: id, ids it waits for, subgraph, path, inputs, and what is asked."""
    return [line(fetch) for fetch in planned(supergraph, query, variables, labels).fetches]


def line(fetch: Fetch) -> str:
    """One fetch in one line; what is asked of the same objects follows their paths and inputs."""
    after = f"<{','.join(map(str, fetch.after))}" if fetch.after else ""
    head = f"{fetch.id}{after} {fetch.subgraph}"
    if not fetch.entities:
        path = f" at {'.'.join(path_items(fetch.path))}" if fetch.path else ""
        return f"{head}{path} {fetch.operation}"
    return f"{head} " + " + ".join(_entities(asked, fetch) for asked in fetch.entities)


def _entities(asked: Entities, fetch: Fetch) -> str:
    anchors = (
        f"{'.'.join(path_items(anchor.path))}{''.join(f' {r.on}({_inputs(r.fields)})' for r in anchor.representations)}"
        for anchor in asked.anchors
    )
    start = fetch.operation.index(f"_entities(representations:${asked.variable})")
    text = fetch.operation[fetch.operation.index("{", start) : -1]
    end = re.search(r" _e\d+:_entities", text)
    return f"at {' & '.join(anchors)} {text[: end.start()] if end else text}"


def _inputs(fields: tuple[RepresentationField, ...]) -> str:
    return " ".join(
        (f"{field.key}:" if field.key != field.name else "")
        + field.name
        + (f"({_inputs(field.fields)})" if field.fields else "")
        for field in fields
    )


async def answered(world: World, query: str, variables: Mapping[str, Any] | None = None) -> ExecutionResult:
    """Plan and execute an operation against the subgraphs of a world; of a subscription, its first event."""
    made = planned(world.supergraph, query, variables)
    transport = WorldTransport(world)
    given = dict(variables or {})
    if made.kind == "subscription":
        events = subscribe(made, supergraph=world.supergraph, variables=given, transport=transport)
        return await anext(aiter(events))
    return await execute(made, supergraph=world.supergraph, variables=given, transport=transport)


async def assert_same_answer(world: World, query: str, variables: Mapping[str, Any] | None = None) -> None:
    """The subgraphs together answer what one schema over the same data answers."""
    truth = world.answer(query, variables or {})
    result = await answered(world, query, variables)
    assert not truth.errors, truth.errors
    assert not result.errors, result.errors
    assert result.data == truth.data
    assert repr(result.data) == repr(truth.data), "the order of keys is the client's"
