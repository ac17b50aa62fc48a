"""The made-up data: the same to one server and to all subgraphs."""

from __future__ import annotations

from tests.router.planning import assert_same_answer, supergraph_of
from tests.router.world import Thing, World

HIDDEN = """
type Query @join__type(graph: A) { things(by: Int!): [Thing!]! }
type Thing @join__type(graph: A) {
  size(unit: Unit = CM @inaccessible, in: [Int!] = [1, 2] @inaccessible, at: Int): String
}
enum Unit @join__type(graph: A) { CM KM }
"""
COLOURED = """
type Query @join__type(graph: A) @join__type(graph: B) { things: [Thing!]! @join__field(graph: A) }
type Thing @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  tone: Tone! @join__field(graph: A) @join__field(graph: B, external: true)
  wide: Boolean! @join__field(graph: A) @join__field(graph: B, external: true)
  shown: String! @join__field(graph: B, requires: "tone wide")
}
enum Tone @join__type(graph: A) @join__type(graph: B) { RED }
"""


async def test_an_argument_that_clients_cannot_give_has_its_default() -> None:
    """The value is that of the default, as it is to the subgraph, which knows the argument."""
    world = World(supergraph_of("A", HIDDEN), nulls=False)

    await assert_same_answer(world, "{ things(by: 1) { size other: size(at: 3) } }")

    thing = Thing("Thing", "some")
    given = {"unit": "CM", "in": [1, 2]}
    assert world.value(thing, "size", {}) == world.value(thing, "size", given)
    assert world.value(thing, "size", {}) != world.value(thing, "size", given | {"unit": "KM"})


async def test_objects_are_found_by_their_keys_wherever_those_stand() -> None:
    """Inputs that many objects share say nothing of which one is meant."""
    supergraph = supergraph_of("A B", COLOURED)

    for seed in range(20):
        world = World(supergraph, seed)
        await assert_same_answer(world, "{ things { shown tone wide } }")
        data = world.answer("{ things { id tone wide } }", {}).data
        assert data is not None
        for thing in data["things"]:
            given = {"__typename": "Thing", "tone": thing["tone"], "wide": thing["wide"], "id": thing["id"]}
            assert world.value(world.find(given), "id", {}) == thing["id"]
