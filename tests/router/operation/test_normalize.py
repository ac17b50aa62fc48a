"""Normalisation: conditions decided, fragments dissolved, equal fields merged, order kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import parse

from router.errors import BadRequest
from router.operation import FieldSelection, Selection, condition_variables, normalize
from tests.router.planning import fixture, normalized

HARBOUR = fixture("harbour")
PAYMENTS = fixture("payments")


def text(selections: tuple[Selection, ...]) -> str:
    return " ".join(map(_text, selections))


def _text(selection: Selection) -> str:
    below = f" {{ {text(selection.selections)} }}" if selection.selections else ""
    if isinstance(selection, FieldSelection):
        return (f"{selection.key}: " if selection.key != selection.name else "") + selection.name + below
    return f"... on {selection.on}{below}"


def harbour(query: str, variables: Mapping[str, Any] | None = None) -> str:
    return text(normalized(HARBOUR, query, variables).selections)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ berths @skip(if: true) { pier } crates { tag } }", "crates { tag }"),
        ("{ berths @include(if: true) { pier @skip(if: false) } }", "berths { pier }"),
        ("{ berths { pier @skip(if: true) @include(if: true) slot } }", "berths { slot }"),
        ("{ berths { pier @skip(if: false) @include(if: false) slot } }", "berths { slot }"),
        ("{ ...F @skip(if: true) crates { tag } } fragment F on Query { berths { pier } }", "crates { tag }"),
        ("{ ... on Query @include(if: false) { berths { pier } } crates { tag } }", "crates { tag }"),
        ("{ ... @include(if: true) { crates { tag } } }", "crates { tag }"),
        ("{ berths { pier @skip(if: true) } }", "berths"),
    ],
)
def test_conditions_are_decided(query: str, expected: str) -> None:
    """What is skipped or not included is gone; a composite field that loses everything stays."""
    assert harbour(query) == expected


def test_variables_decide_conditions() -> None:
    """Values and defaults of variables count; what is not skipped and included stays."""
    query = "query($a: Boolean!, $b: Boolean = true) { berths { pier @skip(if: $a) slot @include(if: $b) depth @skip(if: $b) } }"
    assert harbour(query, {"a": False}) == "berths { pier slot }"
    assert harbour(query, {"a": True, "b": False}) == "berths { depth }"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ vessels { ...A ...B } } fragment A on Vessel { imo ...B } fragment B on Vessel { name }",
            "vessels { imo name }",
        ),
        ("{ vessels { ... on Craft { name } ... { imo } } }", "vessels { name imo }"),
        ("{ vessels { ... on Sighting { ... on Craft { name } } } }", "vessels { name }"),
        ("{ vessels { ... on Craft { ... on Tug { power } name } } }", "vessels { name }"),
        ("{ sightings { ... on Vessel { ... on Craft { name } } } }", "sightings { ... on Vessel { name } }"),
        ("{ sightings { ... on Vessel { ... on Sighting { ... on Tug { power } } } } }", "sightings"),
        ("{ sightings { ... on Craft { name } } }", "sightings { ... on Craft { name } }"),
        (
            "{ sightings { ... on Craft { ... on Mooring { ... on Vessel { imo } } } } }",
            "sightings { ... on Craft { ... on Mooring { ... on Vessel { imo } } } }",
        ),
    ],
)
def test_type_conditions_are_simplified(query: str, expected: str) -> None:
    """Conditions that always hold dissolve, those that never hold disappear, the others stay."""
    assert harbour(query) == expected


def test_a_dissolved_condition_moves_its_fields_to_the_enclosing_type() -> None:
    """The parent and the type of a field are those of the object, not of the interface it was asked through."""
    operation = normalized(fixture("shelves"), "{ latest { ... on Book { ... on Item { title } } } }")
    latest = operation.selections[0]
    book = latest.selections[0]
    title = book.selections[0]
    assert isinstance(title, FieldSelection)
    assert (title.parent, str(title.type)) == ("Book", "String!")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ vessels { imo } berths { pier } vessels { name imo } }", "vessels { imo name } berths { pier }"),
        ("{ sightings { ... on Tug { imo } ... on Tug { power } } }", "sightings { ... on Tug { imo power } }"),
        (
            "{ fleetOnly { ... on Tug { power } imo ... on Tug { name } } }",
            "fleetOnly { ... on Tug { power } imo ... on Tug { name } }",
        ),
        (
            "{ fleetOnly { berth { pier } ... on Tug { berth { slot } } berth { depth } } }",
            "fleetOnly { berth { pier } ... on Tug { berth { slot } } berth { depth } }",
        ),
    ],
)
def test_equal_fields_are_merged_where_the_order_allows(query: str, expected: str) -> None:
    """Response keys appear in the order of their first mention, for every type and on every level."""
    assert harbour(query) == expected


def test_arguments_have_one_order() -> None:
    """Arguments and input fields written in another order are the same selection."""
    one = normalized(PAYMENTS, '{ me { transfers(first: 1, after: "x", status: [PENDING]) { edges { cursor } } } }')
    other = normalized(PAYMENTS, '{ me { transfers(status: [PENDING], after: "x", first: 1) { edges { cursor } } } }')
    field = one.selections[0].selections[0]
    same = other.selections[0].selections[0]
    assert isinstance(field, FieldSelection)
    assert isinstance(same, FieldSelection)
    assert [argument.name.value for argument in field.arguments] == ["after", "first", "status"]
    assert [argument.name.value for argument in same.arguments] == ["after", "first", "status"]


def test_the_operation_keeps_its_name_kind_and_variables() -> None:
    """What the client declared is kept for the subgraph operations."""
    document = parse("query A { me { id } } mutation B($t: String!) { logout(refreshToken: $t) }")
    operation = normalize(document, "B", PAYMENTS, {"t": "x"})
    assert (operation.kind, operation.name, operation.root) == ("mutation", "B", "Mutation")
    assert [definition.variable.name.value for definition in operation.variables] == ["t"]


@pytest.mark.parametrize(("name", "sentence"), [(None, "has 2 operations"), ("C", 'no operation named "C"')])
def test_an_unclear_choice_of_operation_is_refused(name: str | None, sentence: str) -> None:
    """The client has to say which of several operations it means."""
    with pytest.raises(BadRequest, match=sentence):
        normalize(parse("query A { me { id } } query B { me { id } }"), name, PAYMENTS, {})


def test_condition_variables_are_those_that_shape_the_plan() -> None:
    """Variables in @skip and @include count, also in fragments the operation uses; those in arguments do not."""
    document = parse(
        """query A($a: Boolean!, $b: Boolean!, $c: Boolean!, $n: Int) {
          me { id @skip(if: $b) ...F transfers(first: $n) { edges { cursor } } }
        }
        query Other($z: Boolean!) { me { id @skip(if: $z) } }
        fragment F on User { handle @include(if: $a) ... @include(if: $c) { email } }"""
    )
    assert condition_variables(document, "A") == ("a", "b", "c")
    assert condition_variables(document, "Other") == ("z",)
