"""How a subgraph's answer joins what is already known."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from router.executor.merge import Merger, copies, inputs_of
from router.plan import RepresentationField
from tests.router.executor.harness import entity, entity_fetch, output_of, supergraph_of

API = """
type Query { vessel: Vessel  thing: Thing }
scalar JSON
interface Floating { id: ID! }
type Vessel implements Floating { id: ID!  name: String  chart: JSON  charts: [JSON]  owner: Owner  crew: [Owner] }
type Owner { id: ID!  name: String  email: String }
union Thing = Owner | Vessel
"""


def merged(target: dict[str, Any], *sources: dict[str, Any], select: str = "{ vessel { id } }") -> dict[str, Any]:
    """The target after the answers are merged into it."""
    supergraph = supergraph_of(API)
    merger = Merger(supergraph.full, output_of(supergraph.api, select))
    for source in sources:
        merger.merge(target, source)
    return target


@pytest.mark.parametrize(
    ("present", "value", "result"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": 1}, {"a": None}, {"a": 1}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": {"b": 1}}),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"c": 3}, {"c": 4}]}, {"a": [{"b": 1, "c": 3}, {"b": 2, "c": 4}]}),
        ({"a": [None, {"b": 2}]}, {"a": [{"c": 3}, None]}, {"a": [{"c": 3}, {"b": 2}]}),
        ({"a": [[{"b": 1}], []]}, {"a": [[{"c": 2}], []]}, {"a": [[{"b": 1, "c": 2}], []]}),
        ({"a": {"b": 1}}, {"a": 5}, {"a": {"b": 1}}),
        ({"a": [1]}, {"a": {"b": 1}}, {"a": [1]}),
    ],
)
def test_merge_rules(present: dict[str, Any], value: dict[str, Any], result: dict[str, Any]) -> None:
    """Values fill gaps and nulls, null replaces nothing, objects and equal lists merge, a shape never changes."""
    assert merged(present, value) == result


def test_lists_of_different_length_keep_the_first_and_say_so() -> None:
    """Subgraphs that disagree about a shared list are a fault worth a line in the log."""
    with capture_logs() as logs:
        result = merged({"crew": [{"id": 1}]}, {"crew": [{"name": "a"}, {"name": "b"}]})

    assert result == {"crew": [{"id": 1}]}
    assert logs[0]["at"] == "crew"


def test_a_concrete_type_replaces_the_interfaces_name_and_no_other() -> None:
    """What an interface object calls itself gives way to the real type; of two real types the first stays."""
    assert merged({"__typename": "Floating"}, {"__typename": "Vessel"}) == {"__typename": "Vessel"}
    assert merged({"__typename": "Vessel"}, {"__typename": "Floating"}) == {"__typename": "Vessel"}
    assert merged({"__typename": "Vessel"}, {"__typename": "Owner"}) == {"__typename": "Vessel"}
    assert merged({}, {"__typename": "Floating"}) == {"__typename": "Floating"}


def test_custom_scalars_are_replaced_whole() -> None:
    """A JSON scalar that two fetches answer is one of the two answers, never a mixture."""
    present = {"vessel": {"chart": {"a": 1}, "charts": [{"a": 1}], "owner": {"id": "1"}}}
    answer = {"vessel": {"chart": {"b": 2}, "charts": [{"b": 2}], "owner": {"name": "Ann"}}}

    result = merged(present, answer, select="{ vessel { chart charts owner { id name } } }")

    assert result == {"vessel": {"chart": {"b": 2}, "charts": [{"b": 2}], "owner": {"id": "1", "name": "Ann"}}}


def test_a_key_that_is_a_scalar_for_one_type_only_still_merges_objects() -> None:
    """Where the same key holds an object for another type, objects are merged."""
    select = "{ thing { ... on Vessel { x: chart } ... on Owner { x: name } } vessel { x: owner { id name } } }"

    assert merged({"vessel": {"x": {"id": "1"}}}, {"vessel": {"x": {"name": "A"}}}, select=select) == {
        "vessel": {"x": {"id": "1", "name": "A"}}
    }


def test_copies_share_nothing() -> None:
    """A copied tree can be changed without a trace in the original or in another copy."""
    original = {"a": [{"b": 1}], "c": None}

    copy, other = copies(original, 2)
    copy["a"][0]["b"] = 2

    assert original == other == {"a": [{"b": 1}], "c": None}


def test_a_custom_scalar_that_only_the_plan_reads_is_not_merged_either() -> None:
    """An input of a representation is one value, also where two subgraphs give it; an object above it is merged."""
    fetches = [
        entity_fetch(
            "a",
            "",
            number=1,
            path="vessels.@",
            on=[entity("Vessel", inputs=[_input("_chart"), _input("_berth", "mark")])],
        )
    ]
    supergraph = supergraph_of(API)
    merger = Merger(supergraph.full, output_of(supergraph.api, "{ vessel { id } }"), inputs_of(fetches))
    target: dict[str, Any] = {"_chart": {"a": 1}, "_berth": {"mark": [1], "no": 1}}

    merger.merge(target, {"_chart": {"b": 2}, "_berth": {"mark": [2, 3], "pier": 4}}, ("vessels",))

    assert target == {"_chart": {"b": 2}, "_berth": {"mark": [2, 3], "no": 1, "pier": 4}}


def _input(key: str, *below: str) -> RepresentationField:
    return RepresentationField(key, key, tuple(_input(name) for name in below))
