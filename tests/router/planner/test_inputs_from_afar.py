"""Inputs that are themselves fetched in several steps: whoever needs them waits for the last."""

from __future__ import annotations

from tests.router.planning import assert_same_answer, planned, supergraph_of
from tests.router.world import World

PORTS = """
type Query @join__type(graph: A) @join__type(graph: B) {
  port: Port! @join__field(graph: A)
}
type Port @join__type(graph: A, key: "code") @join__type(graph: B, key: "code") {
  code: ID! @join__field(graph: A) @join__field(graph: B)
  title: String @join__field(graph: A)
  nearest: [Port] @join__field(graph: A, external: true) @join__field(graph: B)
  advice: String @join__field(graph: A, requires: "nearest { title }")
}
"""


async def test_a_required_list_whose_elements_another_subgraph_completes() -> None:
    """B lists the nearest ports, A titles them, and only then can A be asked for the advice."""
    supergraph = supergraph_of("A B", PORTS)

    made = planned(supergraph, "{ port { advice } }")

    assert [(fetch.subgraph, fetch.after) for fetch in made.fetches] == [
        ("A", ()),
        ("B", (0,)),
        ("A", (1,)),
        ("A", (2,)),
    ]
    asked = made.fetches[3].anchors[0].representations[0].fields
    assert [inner.name for field in asked if field.name == "nearest" for inner in field.fields] == ["title"]
    for seed in range(5):
        await assert_same_answer(World(supergraph, seed), "{ port { advice } }")
