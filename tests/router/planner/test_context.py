"""Arguments from a @context: what a plan cannot do is refused in words, and other subgraphs are asked where they can answer."""

from __future__ import annotations

import pytest

from router.errors import Unplannable
from router.supergraph import load_supergraph
from tests.router.planning import asked

SUPERGRAPH = load_supergraph("""
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY) { query: Query }
directive @context(name: String!) repeatable on OBJECT
scalar context__ContextFieldValue
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
type Query @join__type(graph: A) @join__type(graph: B) @context(name: "a__ctx") {
  rate: Int @join__field(graph: A)
  user: User @join__field(graph: A)
}
type User @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  price: Int @join__field(graph: A, contextArguments: [{name: "rate", type: "Int", context: "a__ctx", selection: "{ rate }"}])
  share: Int
    @join__field(graph: A, contextArguments: [{name: "rate", type: "Int", context: "a__ctx", selection: "{ rate }"}])
    @join__field(graph: B)
}
""")


def test_a_field_that_needs_a_context_is_refused_with_the_reason() -> None:
    """The client learns which field cannot be served, and why."""
    with pytest.raises(Unplannable, match=r"User\.price \(under Query\.user\): an argument is taken from a @context"):
        asked(SUPERGRAPH, "{ user { id price } }")


def test_a_subgraph_that_needs_no_context_is_asked_instead() -> None:
    """What one subgraph resolves from a context, another may resolve without."""
    assert asked(SUPERGRAPH, "{ user { share } }") == [
        "0 a {user{__typename id}}",
        "1<0 b at user User(id) {...on User{share}}",
    ]


def test_the_rest_of_such_a_supergraph_is_served() -> None:
    """Fields without context are planned as ever."""
    assert asked(SUPERGRAPH, "{ rate user { id } }") == ["0 a {rate user{id}}"]
