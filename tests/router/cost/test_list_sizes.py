"""How long lists are taken to be: by @listSize on the field or above, by arguments, by default."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, Final

import pytest

from router.config.cost import CostSettings
from router.cost import Costing
from router.errors import CostUnknown, SupergraphError
from router.supergraph import Supergraph
from tests.router.cost.costed import estimated, supergraph_written

LIBRARY: Final = """
type Query {
  books(first: Int, last: Int, ids: [ID!]): [Book!]
    @listSize(slicingArguments: ["first", "last", "ids"], assumedSize: 30, requireOneSlicingArgument: false)
  strict(first: Int, last: Int): [Book!] @listSize(slicingArguments: ["first", "last"])
  few(first: Int = 3): [Book!] @listSize(slicingArguments: ["first"])
  paged(by: Page = {size: 6}): [Book!] @listSize(slicingArguments: ["by.size"], assumedSize: 9)
  deep(by: Page): [Book!] @listSize(slicingArguments: ["by.within.size"], assumedSize: 9, requireOneSlicingArgument: false)
  hidden(by: Page = {within: null}): [Book!] @listSize(slicingArguments: ["by.size"])
  shelf(first: Int): Shelf @listSize(slicingArguments: ["first"], sizedFields: ["books", "spare"])
  stand(first: Int): Stand @listSize(slicingArguments: ["first"], sizedFields: ["shelf { books }"])
  stands(first: Int): Stand @listSize(slicingArguments: ["first"], sizedFields: ["shelves { books }"])
  known: [Book!] @listSize(assumedSize: 4)
  plain: [Book!]
  twice: [[Book!]!]
  best: Book
}
input Page { size: Int = 5  within: Page }
type Stand { shelf: Shelf  shelves: [Shelf!]  books: [Book!] }
type Shelf { books: [Book!]  spare: [Book!]  other: [Book!] @listSize(assumedSize: 2) }
type Book { id: ID!  title: String  author: Author }
type Author { name: String }
"""
DEFAULT: Final = 100


@cache
def library() -> Supergraph:
    """The supergraph."""
    return supergraph_written(LIBRARY)


def cost(query: str, **variables: Any) -> float:
    """What a query is estimated to cost."""
    return estimated(library(), query, variables, list_size=DEFAULT).total


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("{ plain { id } }", DEFAULT),
        ("{ known { id } }", 4),
        ("{ books { id } }", 30),
        ("{ books(first: 7) { id } }", 7),
        ("{ books(first: 7, last: 9) { id } }", 9),
        ('{ books(ids: ["a", "b"]) { id } }', 2),
        ('{ books(ids: "a") { id } }', 1),
        ("{ books(first: null) { id } }", 30),
        ("{ books(first: -5) { id } }", 0),
        ("{ strict(last: 2) { id } }", 2),
        ("{ few { id } }", 3),
        ("{ few(first: 1) { id } }", 1),
        ("{ few(first: null) { id } }", 3),
        ("{ paged { id } }", 6),
        ("{ paged(by: {size: 2}) { id } }", 2),
        ("{ paged(by: {}) { id } }", 5 + 1),  # the page is an argument that costs 1
        ("{ deep { id } }", 9),
        ("{ deep(by: {within: {size: 3}}) { id } }", 3 + 2),
        ("{ hidden { id } }", 5),
        ("{ twice { id } }", DEFAULT),
    ],
)
def test_sizes_of_arguments_that_are_written_out(query: str, size: int) -> None:
    """The argument, its default, the largest of several, the assumed size, the size of all lists: whichever is there first."""
    assert cost(query) - (1 if "size: 2" in query else 0) == size


@pytest.mark.parametrize(
    ("variables", "size"),
    [
        ({"n": 7}, 7),
        ({"n": None}, 30),
        ({}, 30),
        ({"n": 7, "ids": ["a"] * 8}, 8),
        ({"ids": []}, 0),
        ({"n": -3, "ids": ["a"]}, 1),
    ],
)
def test_sizes_of_variables(variables: dict[str, Any], size: int) -> None:
    """A variable says what its value would say; one that is left out says nothing."""
    assert cost("query ($n: Int, $ids: [ID!]) { books(first: $n, ids: $ids) { id } }", **variables) == size


@pytest.mark.parametrize(
    ("query", "by", "expected"),
    [
        ("query ($by: Page) { paged(by: $by) { id } }", {"size": 4}, 4 + 1),
        ("query ($by: Page) { paged(by: $by) { id } }", {}, 5 + 1),
        ("query ($by: Page) { paged(by: $by) { id } }", None, 6),
        ("query ($by: Page) { deep(by: {within: $by}) { id } }", {"size": 4}, 4 + 2),
        ("query ($by: Int) { deep(by: {within: {size: $by}}) { id } }", 4, 4 + 2),
        ("query ($by: Int = 8) { few(first: $by) { id } }", ..., 8),
        ("query ($by: Int) { few(first: $by) { id } }", ..., 3),
    ],
)
def test_variables_within_input_objects(query: str, by: Any, expected: int) -> None:
    """A path leads into objects wherever the variable stands, and defaults stand in for what is left out."""
    assert cost(query, **({} if by is ... else {"by": by})) == expected


@pytest.mark.parametrize("arguments", ["", "(first: 1, last: 2)", "(first: null)"])
def test_exactly_one_slicing_argument_is_required(arguments: str) -> None:
    """Unless the directive says otherwise; the error names field and arguments."""
    with pytest.raises(CostUnknown, match=r"Query\.strict needs exactly one of its slicing arguments \(first, last\)"):
        cost(f"{{ strict{arguments} {{ id }} }}")


def test_one_is_required_even_where_no_list_is_selected() -> None:
    """A shelf without a size is an error, whatever is selected of it."""
    with pytest.raises(CostUnknown, match=r"Query\.shelf .* has none"):
        cost("{ shelf { other { id } } }")


def test_whether_one_is_given_is_for_the_variables_to_say() -> None:
    """The same plan has a cost for some variables and none for others."""
    query = "query ($first: Int, $last: Int) { strict(first: $first, last: $last) { id } }"

    assert cost(query, first=3) == 3
    with pytest.raises(CostUnknown, match="has 2"):
        cost(query, first=3, last=4)


def test_a_size_is_handed_to_the_fields_below() -> None:
    """Two lists of five; the third has a size of its own; the shelf itself is one object."""
    assert cost("{ shelf(first: 5) { books { id } spare { id } other { id } } }") == 1 + 5 + 5 + 2


def test_a_size_goes_through_fragments() -> None:
    """They are part of the field's selection."""
    query = "query ($n: Int) { shelf(first: $n) { ...S } } fragment S on Shelf { ... on Shelf { books { id } } }"

    assert cost(query, n=5) == 1 + 5


def test_a_size_is_handed_down_by_a_set_of_fields() -> None:
    """Only to the list that is named within; a list on the way takes the size, too."""
    assert cost("{ stand(first: 5) { shelf { books { id } spare { id } } books { id } } }") == (
        1 + 1 + 5 + DEFAULT + DEFAULT
    )
    assert cost("{ stands(first: 5) { shelves { books { id } } } }") == 1 + 5 * (1 + 5)


def test_lists_multiply_what_is_in_them() -> None:
    """Books with their authors, each title for nothing."""
    assert cost("{ known { title author { name } } best { author { name } } }") == 4 * 2 + 2


def test_no_size_is_too_large() -> None:
    """Sizes multiply without end, and stay comparable."""
    query = "query ($n: Int) { " + " ".join(f"a{n}: books(first: $n) {{ author {{ name }} }}" for n in range(20)) + " }"
    assert cost(query, n=2**31 - 1) == 20 * 2 * (2**31 - 1)

    nested = supergraph_written(
        'type Query { all(first: Int): [Node!] @listSize(slicingArguments: ["first"]) }\n'
        'type Node { all(first: Int): [Node!] @listSize(slicingArguments: ["first"]) id: ID }'
    )
    deep = "query ($n: Int) { " + "all(first: $n) { " * 40 + "id" + " }" * 40 + " }"
    assert estimated(nested, deep, {"n": 2**31 - 1}).total == sys.float_info.max


@pytest.mark.parametrize("sized", ["books {", "books spare", "... on Shelf { books }"])
def test_a_set_of_sized_fields_that_says_nothing_is_refused(sized: str) -> None:
    """When the router starts, with a way out."""
    supergraph = supergraph_written(LIBRARY.replace('"shelf { books }"', f'"{sized}"'))

    with pytest.raises(SupergraphError, match="must be a field, or fields with one list within"):
        Costing.of(supergraph, CostSettings())
