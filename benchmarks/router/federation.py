"""The federation that is measured: its subgraphs, the supergraph composed of them, and an oracle that has all the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLSchema, execute_sync, parse

from benchmarks.router.world import roots
from router.composition import Composed, SubgraphInput, compose
from router.supergraph import Supergraph, load_supergraph
from tests.router.subgraph_views import subgraph_view

FOLDER = Path(__file__).parent
SCHEMAS = {file.stem: file.read_text() for file in sorted((FOLDER / "schema").glob("*.graphql"))}


@dataclass(frozen=True)
class Case:
    """An operation to send over and over."""

    name: str
    title: str
    operation: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def query(self) -> str:
        return (FOLDER / "operations" / f"{self.operation}.graphql").read_text()

    @property
    def body(self) -> bytes:
        """What a client posts."""
        return orjson.dumps({"query": self.query, "variables": self.variables})


CASES = (
    Case("repeating", "heavy query, entities repeat", "heavy", {"unique": False}),
    Case("unique", "heavy query, all entities unique", "heavy", {"unique": True}),
    Case("small", "small query of one subgraph", "small", {"id": "r00000001"}),
    Case("two-hops", "two hops over three subgraphs", "two_hops"),
    Case("mutation", "mutation and one hop", "mutation", {"upc": "r00000002", "body": "Neat."}),
)


def compose_supergraph(address: str) -> str:
    """The supergraph SDL; each subgraph is at its name below the address."""
    outcome = compose([SubgraphInput(name, sdl, f"{address}/{name}") for name, sdl in SCHEMAS.items()])
    assert isinstance(outcome, Composed), outcome
    return outcome.sdl


class Subgraphs:
    """What each subgraph answers, computed by graphql-core."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._schemas = {name: subgraph_view(supergraph, name) for name in SCHEMAS}

    def answer(self, subgraph: str, body: bytes) -> bytes:
        """The answer to the body of a POST."""
        request = orjson.loads(body)
        return _execute(self._schemas[subgraph], request["query"], request.get("variables") or {})


def truth(case: Case) -> bytes:
    """What one schema over all the data answers: every contender must say the same."""
    return _execute(load_supergraph(compose_supergraph("http://nowhere.test")).api, case.query, case.variables)


def _execute(schema: GraphQLSchema, query: str, variables: Mapping[str, Any]) -> bytes:
    result = execute_sync(schema, parse(query), root_value=roots(), variable_values=dict(variables))
    assert not result.errors, result.errors
    return orjson.dumps({"data": result.data})
