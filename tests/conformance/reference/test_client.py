"""The reference answers whatever it is asked, and is replaced where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from router.composition import SubgraphInput
from tests.conformance.reference.client import Reference

QUERY = (SubgraphInput("a", "type Query { a: Int }", "http://a.test"),)


@pytest.fixture
def reference() -> Iterator[Reference]:
    reference = Reference()
    yield reference
    reference.close()


def test_it_composes_and_plans(reference: Reference) -> None:
    """A supergraph, and the plan of a query of it."""
    composed = reference.compose(QUERY)
    assert composed.supergraph is not None

    planned = reference.plan(composed.supergraph, "{ a }")

    assert composed.composes
    assert planned.error is None
    assert planned.subgraphs == ("a",)


def test_it_says_what_is_wrong(reference: Reference) -> None:
    """SDL that does not parse, a supergraph that is none and a query that is not valid are answers."""
    supergraph = reference.compose(QUERY).supergraph
    assert supergraph is not None

    unparsed = reference.compose([SubgraphInput("a", "type {", "http://a.test")])

    assert [error.code for error in unparsed.errors] == ["INVALID_GRAPHQL"]
    assert "Invalid supergraph" in str(reference.plan("type Query { a: Int }", "{ a }").error)
    assert 'Cannot query field "b"' in str(reference.plan(supergraph, "{ b }").error)


def test_it_executes_over_subgraphs_that_the_asker_answers_for(reference: Reference) -> None:
    """Each request of the gateway is put to the asker, with its variables; the answer is what came of them all."""
    other = SubgraphInput("b", "type Query { b(x: Int): Int }", "http://b.test")
    supergraph = reference.compose([*QUERY, other]).supergraph
    assert supergraph is not None

    def answers(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"data": {subgraph: variables.get("x", 1)}} if subgraph in query else {"errors": [{"message": "?"}]}

    executed = reference.execute(supergraph, "query ($x: Int) { a b(x: $x) }", {"x": 2}, answers)

    assert executed.error is None
    assert executed.response == {"data": {"a": 1, "b": 2}, "errors": []}
    assert str(executed.plan).count("'Fetch'") == 2


def test_an_asker_who_fails_leaves_nothing_behind(reference: Reference) -> None:
    """The error is the asker's to see, and the next request is answered."""
    supergraph = reference.compose(QUERY).supergraph
    assert supergraph is not None

    def failing(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        raise LookupError(subgraph)

    with pytest.raises(LookupError):
        reference.execute(supergraph, "{ a }", {}, failing)

    assert reference.compose(QUERY).composes


def test_a_dead_process_is_replaced(reference: Reference) -> None:
    """The request after the one that met its death is answered."""
    reference.compose(QUERY)
    process = reference._process
    assert process is not None
    process.kill()
    process.wait()

    assert reference.compose(QUERY).composes


def test_it_waits_for_a_bounded_time() -> None:
    """What takes too long is an answer too, and the next request is served."""
    reference = Reference(seconds_each=0.001)

    assert "no answer within" in str(reference.compose(QUERY).broke)

    reference.close()
