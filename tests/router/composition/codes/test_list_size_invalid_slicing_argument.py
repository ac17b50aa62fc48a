"""LIST_SIZE_INVALID_SLICING_ARGUMENT: an argument that says how many items a list has is an Int of the field."""

from __future__ import annotations

from router.composition import Composed, Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "no such argument",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        at=["Query.f"],
        says=['"last"'],
        places=["a:2"],
        a='type Query { f(first: Int): [Int] @listSize(slicingArguments: ["first", "last"]) }',
    ),
    rejected(
        "another type",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        says=['"String"'],
        a='type Query { f(first: String): [Int] @listSize(slicingArguments: ["first"]) }',
    ),
    rejected(
        "a list of integers",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        says=['"[Int]"'],
        a='type Query { f(first: [Int]): [Int] @listSize(slicingArguments: ["first"]) }',
    ),
    rejected(
        "a path into an input object",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        says=['"page.first"'],
        a='type Query { f(page: Page): [Int] @listSize(slicingArguments: ["page.first"]) }\ninput Page { first: Int }',
    ),
    composed(
        "integers, required or not",
        a='type Query { f(first: Int!, last: Int = 3): [Int] @listSize(slicingArguments: ["first", "last"]) }',
    ),
    composed("none", a="type Query { f(first: String): [Int] @listSize(slicingArguments: []) }"),
)


@each(CASES)
def test_list_size_invalid_slicing_argument(case: Case) -> None:
    """Slicing arguments are integers that the field takes."""
    check("LIST_SIZE_INVALID_SLICING_ARGUMENT", case)


def test_one_argument_in_place_of_a_list() -> None:
    """GraphQL lets one value stand for the list of it; the reference takes it for the list of its letters."""
    sdl = 'type Query { f(first: Int): [Int] @listSize(slicingArguments: "first") }'
    assert isinstance(compose([subgraph("a", sdl)]), Composed)


def test_an_argument_that_merging_leaves_out() -> None:
    """The cost of the list could not be told, and no gateway loads such a supergraph."""
    outcome = compose(
        [
            subgraph("a", "type Query { q: [Int] @shareable }"),
            subgraph("b", 'type Query { q(first: Int): [Int] @shareable @listSize(slicingArguments: ["first"]) }'),
        ]
    )

    assert isinstance(outcome, Rejected)
    (error,) = outcome.errors
    assert (error.code.name, error.coordinates) == (
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        ("Query.q", "Query.q(first:)"),
    )
    assert 'is not in subgraph "a"' in error.message
