"""Fragments with @defer: apart where the caller takes incremental answers, dissolved everywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import parse, validate

from router.operation import condition_variables, normalize
from router.operation.show import show
from tests.router.planning import fixture

HARBOUR = fixture("harbour")


def shown(query: str, variables: Mapping[str, Any] | None = None, *, incremental: bool = True) -> str:
    document = parse(query)
    assert not validate(HARBOUR.api, document)
    operation = normalize(document, None, HARBOUR, variables or {}, incremental=incremental)
    return " ".join(show(operation).split()[1:])


def test_a_deferred_fragment_stays_apart() -> None:
    """Its condition always holds, and yet it is no part of what surrounds it."""
    query = '{ berths { pier ... @defer(label: "later") { slot } } }'
    assert shown(query) == '{ berths { pier ... on Berth @defer(label: "later") { slot } } }'


def test_who_takes_whole_answers_gets_all_at_once() -> None:
    """The directive is ignored, and so is the variable that it is conditional on."""
    query = '{ berths { pier ... @defer(label: "later") { slot } } }'
    assert shown(query, incremental=False) == "{ berths { pier slot } }"
    conditional = "query ($later: Boolean!) { berths { pier ... @defer(if: $later) { slot } } }"
    assert condition_variables(parse(conditional), None) == ()
    assert condition_variables(parse(conditional), None, incremental=True) == ("later",)


@pytest.mark.parametrize(("later", "expected"), [(True, "... on Berth @defer { slot }"), (False, "slot")])
def test_conditions_are_decided(later: bool, expected: str) -> None:
    """By a variable or a literal, before anything is planned."""
    query = "query ($later: Boolean!) { berths { pier ... @defer(if: $later) { slot } } }"
    assert shown(query, {"later": later}).endswith(f"{{ berths {{ pier {expected} }} }}")
    query = f"{{ berths {{ pier ... @defer(if: {str(later).lower()}) {{ slot }} }} }}"
    assert shown(query) == f"{{ berths {{ pier {expected} }} }}"


def test_deferred_neighbours_are_not_merged() -> None:
    """Each is delivered by itself; a fragment that is spread twice is deferred twice, under one label."""
    query = "{ berths { ...F @defer ... @defer { pier } ... on Berth { pier } } } fragment F on Berth { slot }"
    expected = "{ berths { ... on Berth @defer { slot } ... on Berth @defer { pier } pier } }"
    assert shown(query) == expected
    twice = "{ a: berths { ...F } b: berths { ...F } } fragment F on Berth { ... @defer { slot } }"
    operation = normalize(parse(twice), None, HARBOUR, {}, incremental=True)
    numbers = [berths.selections[0].defer.number for berths in operation.selections]  # type: ignore[union-attr]  # fragments
    assert numbers == [0, 1]


def test_what_is_excluded_is_not_deferred() -> None:
    """@skip and @include come first."""
    assert shown("{ berths { pier ... @skip(if: true) @defer { slot } } }") == "{ berths { pier } }"
    assert shown("{ berths { pier ... @defer { slot @skip(if: true) } } }") == "{ berths { pier } }"


def test_labels_are_unique_and_literal() -> None:
    """The API schema knows the directive, so documents are validated by its rules."""
    for query in (
        '{ berths { ... @defer(label: "a") { slot } ... @defer(label: "a") { pier } } }',
        "query ($label: String) { berths { ... @defer(label: $label) { slot } } }",
    ):
        assert validate(HARBOUR.api, parse(query))
