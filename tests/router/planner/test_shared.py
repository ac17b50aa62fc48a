"""Fields that several subgraphs share: each is asked for its part at once, rather than one after the other."""

from __future__ import annotations

import pytest

from router.limits import STRANDS_MAX
from tests.router.planning import asked, assert_same_answer, supergraph_of
from tests.router.world import World

HARBOURS = """
type Query @join__type(graph: A) @join__type(graph: B) {
  home: Harbour
  ferries: [String] @join__field(graph: B)
}
type Harbour @join__type(graph: A, key: "code") @join__type(graph: B, key: "code") {
  code: ID!
  title: String @join__field(graph: A)
  depth: Int @join__field(graph: B)
  next: Harbour @join__field(graph: A)
  TIDES
}
""".replace("TIDES", " ".join(f"tide{number}: Int @join__field(graph: A)" for number in range(STRANDS_MAX)))


def test_each_subgraph_is_asked_for_its_part_at_once() -> None:
    """By the key, B would have to wait for A."""
    assert asked(supergraph_of("A B", HARBOURS), "{ home { title depth } }") == [
        "0 A {home{title}}",
        "1 B {home{depth}}",
    ]


def test_a_subgraph_that_is_asked_anyway_serves_its_part() -> None:
    """Behind `next` B is needed later too; the depth of the first harbour need not wait for that."""
    assert asked(supergraph_of("A B", HARBOURS), "{ home { depth next { depth } } ferries }") == [
        "0 A {home{next{__typename code}}}",
        "1 B {ferries home{depth}}",
        "2<0 B at home.next Harbour(code) {...on Harbour{depth}}",
    ]


def test_one_subgraph_that_serves_all_is_asked_alone() -> None:
    """Nothing is split for the sake of splitting."""
    assert asked(supergraph_of("A B", HARBOURS), "{ home { code depth } }") == ["0 B {home{code depth}}"]


def test_a_field_of_many_leaves_is_split_too() -> None:
    """By its children, without looking for the best place of each leaf below them."""
    tides = " ".join(f"tide{number}" for number in range(STRANDS_MAX))

    assert asked(supergraph_of("A B", HARBOURS), f"{{ home {{ {tides} depth }} }}") == [
        f"0 A {{home{{{tides}}}}}",
        "1 B {home{depth}}",
    ]


@pytest.mark.parametrize("seed", range(5))
async def test_the_parts_are_one_object(seed: int) -> None:
    """The answers merge to what one server says."""
    world = World(supergraph_of("A B", HARBOURS), seed)

    await assert_same_answer(world, "{ home { depth title next { depth title next { title } } } ferries }")
