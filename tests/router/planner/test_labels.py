"""Fields that move between subgraphs under a label: who is asked depends on the labels of the request."""

from __future__ import annotations

import pytest

from router.planner import labels_met
from tests.router.planning import asked, normalized, supergraph_of

MOVING = supergraph_of(
    "NEW OLD",
    """
    type Query @join__type(graph: NEW) @join__type(graph: OLD) { item: Item @join__field(graph: OLD) other: Int @join__field(graph: OLD) }
    type Item @join__type(graph: NEW, key: "id") @join__type(graph: NEW, key: "slug") @join__type(graph: OLD, key: "id") {
      id: ID!
      slug: ID! @join__field(graph: NEW) @join__field(graph: OLD)
      price: Int @join__field(graph: NEW, override: "OLD", overrideLabel: "fresh") @join__field(graph: OLD, overrideLabel: "fresh")
      stock: Int @join__field(graph: NEW, override: "OLD", overrideLabel: "percent(5)")
        @join__field(graph: OLD, overrideLabel: "percent(5)")
      worth: Int @join__field(graph: NEW, requires: "stock")
      name: String @join__field(graph: OLD)
    }
    """,
)


def test_an_unset_label_leaves_a_field_with_its_old_owner() -> None:
    """Nobody said that the label is on, so it is off."""
    assert asked(MOVING, "{ item { price stock } }") == ["0 OLD {item{price stock}}"]


def test_a_set_label_hands_a_field_over() -> None:
    """With the label on, the new owner is asked, by the key that both know."""
    assert asked(MOVING, "{ item { price } }", labels=["fresh"]) == [
        "0 OLD {item{__typename id}}",
        "1<0 NEW at item Item(id) {...on Item{price}}",
    ]


def test_labels_of_one_operation_are_independent() -> None:
    """One field may have moved while the other has not."""
    assert asked(MOVING, "{ item { price stock } }", labels=["percent(5)"]) == [
        "0 OLD {item{__typename price id}}",
        "1<0 NEW at item Item(id) {...on Item{stock}}",
    ]


def test_an_input_is_had_from_whoever_owns_it() -> None:
    """What a field requires moves with its label, too."""
    old = asked(MOVING, "{ item { worth } }")
    new = asked(MOVING, "{ item { worth } }", labels=["percent(5)"])
    assert old == ["0 OLD {item{__typename stock id}}", "1<0 NEW at item Item(id stock) {...on Item{worth}}"]
    assert new == [
        "0 OLD {item{__typename id}}",
        "1<0 NEW at item Item(id) {...on Item{stock}}",
        "2<1 NEW at item Item(id stock) {...on Item{worth}}",
    ]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("{ other }", set()),
        ("{ item { name } }", set()),
        ("{ item { price } }", {"fresh"}),
        ("{ item { ... on Item { worth } } }", {"percent(5)"}),
        ("{ item { worth price } }", {"fresh", "percent(5)"}),
    ],
)
def test_a_plan_depends_on_the_labels_it_can_meet(query: str, labels: set[str]) -> None:
    """Those of the fields asked for and of what they need; any other label leaves a plan as it is."""
    assert labels_met(normalized(MOVING, query), MOVING) == labels


def test_a_supergraph_knows_its_labels() -> None:
    """Each label with the fields whose owner it decides."""
    assert MOVING.labels == {"fresh": {("Item", "price")}, "percent(5)": {("Item", "stock")}}


KEYED = supergraph_of(
    "A B C",
    """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { crate: Crate @join__field(graph: A) }
    type Crate @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "tag { no }") {
      id: ID! @join__field(graph: A) @join__field(graph: B)
      tag: Tag @join__field(graph: A, overrideLabel: "l") @join__field(graph: B, override: "A", overrideLabel: "l") @join__field(graph: C)
      weight: Int @join__field(graph: C)
    }
    type Tag @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { no: Int }
    """,
)


def test_a_key_moves_with_the_label_of_its_field() -> None:
    """The way to an entity goes over whoever owns the key's field, and the label is among those met."""
    assert labels_met(normalized(KEYED, "{ crate { weight } }"), KEYED) == {"l"}
    assert asked(KEYED, "{ crate { weight } }") == [
        "0 A {crate{__typename tag{no}}}",
        "1<0 C at crate Crate(tag(no)) {...on Crate{weight}}",
    ]
    assert asked(KEYED, "{ crate { weight } }", labels=["l"]) == [
        "0 A {crate{__typename id}}",
        "1<0 B at crate Crate(id) {...on Crate{tag{no}}}",
        "2<1 C at crate Crate(tag(no)) {...on Crate{weight}}",
    ]
