"""What is sent of the objects at a fetch's path, which objects are left out, and which share a representation."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from router.executor.representations import Collected, collect
from router.plan import Entities, RepresentationField
from tests.router.executor.harness import entity, entity_fetch

Node = dict[str, Any]


def all_of(tree: Node, asked: Entities) -> Collected:
    """The representations where there are no contexts."""
    return collect(tree, asked).get((), Collected())


def vessels(*nodes: Node | None, inputs: tuple[RepresentationField, ...] = ()) -> Collected:
    """The representations of a list of vessels with the key `id`."""
    fetch = entity_fetch("fleet", "x", number=1, path="vessels.@", on=[entity("Vessel", "id", inputs=inputs)])
    return all_of({"vessels": list(nodes)}, fetch.entities[0])


def values(collected: Collected) -> list[Node]:
    """The representations decoded."""
    return [msgspec.json.decode(value) for value in collected.values]


def sent(*nodes: Node | None, inputs: tuple[RepresentationField, ...] = ()) -> list[Node]:
    """The same without the type name, which they all have."""
    return [
        {key: value for key, value in each.items() if key != "__typename"}
        for each in values(vessels(*nodes, inputs=inputs))
    ]


def required(
    key: str, *fields: RepresentationField, nullable: bool = True, on: tuple[str, ...] = ()
) -> RepresentationField:
    """An input of a @requires set."""
    return RepresentationField(key, key, fields, on, nullable)


def test_equal_representations_are_sent_once() -> None:
    """Three hundred occurrences of two entities are two representations that remember all positions."""
    collected = vessels(*({"id": str(number % 2)} for number in range(300)))

    assert values(collected) == [{"__typename": "Vessel", "id": "0"}, {"__typename": "Vessel", "id": "1"}]
    assert [len(each) for each in collected.occurrences] == [150, 150]
    assert [each.position for each in collected.occurrences[1][:2]] == [("vessels", 1), ("vessels", 3)]


def test_the_whole_value_is_compared() -> None:
    """One key with two values of a required field is two representations; 1, 1.0, true and "1" are four keys."""
    assert len(sent({"id": "a", "load": 1}, {"id": "a", "load": 2}, inputs=(required("load"),))) == 2
    assert len(sent({"id": 1}, {"id": True}, {"id": "1"}, {"id": 1.0})) == 4


@pytest.mark.parametrize("node", [{}, {"id": None}, None, "scalar", []])
def test_an_object_without_its_key_is_left_out(node: Any) -> None:
    """An absent key, a null key and anything but an object stay out of the fetch."""
    assert sent(node, {"id": "a"}) == [{"id": "a"}]


def test_a_nullable_key_part_may_be_null() -> None:
    """Null is a legal part of a composite key whose field is nullable; absent is not."""
    slot = RepresentationField("slot", "slot", nullable=True, is_key=True)

    assert sent({"id": "a", "slot": None}, inputs=(slot,)) == [{"id": "a", "slot": None}]
    assert sent({"id": "a"}, inputs=(slot,)) == []


def test_an_absent_input_is_null_or_keeps_the_object_out() -> None:
    """A nullable @requires field that nobody could provide is sent as null; a non-nullable one is not made up."""
    assert sent({"id": "a"}, inputs=(required("load"),)) == [{"id": "a", "load": None}]
    assert sent({"id": "a"}, inputs=(required("load", nullable=False),)) == []
    assert sent({"id": "a", "load": None}, inputs=(required("load", nullable=False),)) == []


def test_nested_inputs_copy_the_listed_fields_and_keep_the_shape_of_lists() -> None:
    """Objects inside lists of lists are cut to the required fields, nulls stay nulls."""
    seals = required("seals", required("no"))
    node = {"id": "a", "seals": [[{"no": 1, "secret": 2}, None], [], None]}

    assert sent(node, inputs=(seals,)) == [{"id": "a", "seals": [[{"no": 1}, None], [], None]}]


def test_a_partial_nested_object_follows_the_same_rules() -> None:
    """A nested object without a non-nullable field keeps the whole entity out; a null one is null if it may be."""
    berth = required("berth", required("code", nullable=False))

    assert sent({"id": "a", "berth": {}}, inputs=(berth,)) == []
    assert sent({"id": "a", "berth": None}, inputs=(berth,)) == [{"id": "a", "berth": None}]
    strict = required("berth", required("code"), nullable=False)
    assert sent({"id": "a", "berth": None}, inputs=(strict,)) == []
    assert sent({"id": "a", "berth": "no object"}, inputs=(berth,)) == []


def test_inputs_of_a_fragment_are_sent_for_their_types_only() -> None:
    """A fragment in a @requires set contributes to the listed types; other types send what they have."""
    guard = required(
        "guard", required("__typename"), required("rank", on=("Officer",)), required("gear", on=("Diver",))
    )
    officer = {"__typename": "Officer", "rank": 3, "gear": "none of its business"}
    nobody = {"__typename": "Robot"}

    assert sent({"id": "a", "guard": officer}, {"id": "b", "guard": nobody}, inputs=(guard,)) == [
        {"id": "a", "guard": {"__typename": "Officer", "rank": 3}},
        {"id": "b", "guard": {"__typename": "Robot"}},
    ]


def test_inputs_are_read_under_the_trees_key_and_sent_under_the_fields_name() -> None:
    """A hidden alias in the tree is the field's own name on the wire."""
    aliased = RepresentationField("tariff", "_q0")

    assert sent({"id": "a", "_q0": 7, "tariff": "the client's"}, inputs=(aliased,)) == [{"id": "a", "tariff": 7}]


def test_a_custom_scalar_is_sent_as_it_is() -> None:
    """A leaf may be any JSON value."""
    assert sent({"id": {"pier": [1, 2]}}) == [{"id": {"pier": [1, 2]}}]


def test_each_type_has_its_own_representation() -> None:
    """Objects are told apart by __typename; an unknown or missing one matches none of several."""
    tree = {
        "finds": [
            {"__typename": "Vessel", "id": "v"},
            {"__typename": "Buoy", "mark": "b"},
            {"__typename": "Wreck", "id": "w"},
            {"id": "x", "mark": "y"},
        ]
    }
    fetch = entity_fetch("fleet", "x", number=1, path="finds.@", on=[entity("Vessel", "id"), entity("Buoy", "mark")])

    assert values(all_of(tree, fetch.entities[0])) == [
        {"__typename": "Vessel", "id": "v"},
        {"__typename": "Buoy", "mark": "b"},
    ]


def test_an_interface_object_is_asked_under_the_interfaces_name() -> None:
    """The subgraph knows the type as an interface object, and two types with one key are one representation."""
    tree = {"finds": [{"__typename": "Vessel", "id": "1"}, {"__typename": "Buoy", "id": "1"}]}
    on = [entity("Vessel", "id", typename="Floating"), entity("Buoy", "id", typename="Floating")]

    collected = all_of(tree, entity_fetch("weather", "x", number=1, path="finds.@", on=on).entities[0])

    assert values(collected) == [{"__typename": "Floating", "id": "1"}]
    assert len(collected.occurrences[0]) == 2


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("grid.@.@", ["a", "b", "c"]),
        ("grid.@", []),  # one list level short: there is no object
        ("any.@.owner|Vessel", ["o1"]),
        ("any.@.owner", ["o1", "o2"]),
        ("missing.@.owner", []),
    ],
)
def test_paths_walk_lists_and_guards(path: str, keys: list[str]) -> None:
    """Every list level takes one step; nulls at any level lead nowhere; a guard passes the listed types only."""
    tree = {
        "grid": [[{"id": "a"}, None], None, [], [{"id": "b"}, {"id": "c"}]],
        "any": [
            {"__typename": "Vessel", "owner": {"id": "o1"}},
            {"__typename": "Buoy", "owner": {"id": "o2"}},
            {"__typename": "Vessel", "owner": None},
        ],
        "missing": None,
    }
    owners = [entity("T", "id")]

    found = all_of(tree, entity_fetch("fleet", "x", number=1, path=path, on=owners).entities[0])

    assert [each["id"] for each in values(found)] == keys
