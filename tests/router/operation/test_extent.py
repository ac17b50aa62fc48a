"""How far operations extend, found on what was only parsed."""

from __future__ import annotations

import pytest
from graphql import parse

from router.limits import EXTENT_COUNTED_MAX, NESTING_MAX
from router.operation.extent import Extent, Merged, Nested, Ruler


def extents(text: str) -> list[Extent]:
    return [extent for _, extent in Ruler(parse(text)).extents()]


def merged(text: str) -> Merged:
    ruler = Ruler(parse(text))
    return ruler.merged(ruler.operations[0])


def test_each_operation_is_measured_with_its_fragments_spread() -> None:
    """Fields count as often as they are spread, inline fragments add no level, directives of spreads count too."""
    text = """
        query A { a { b } x: a @skip(if: true) { ...F ... on T { c } ...F @include(if: false) } }
        mutation B { d }
        fragment F on T { y: c d { e } }
    """
    assert extents(text) == [
        Extent(depth=3, root_fields=2, fields=10, aliases=3, directives=2),
        Extent(depth=1, root_fields=1, fields=1),
    ]


def test_a_fragment_that_nobody_spreads_is_measured_too() -> None:
    """Validation looks at it before it refuses it."""
    assert extents("{ a } fragment F on T { b c }") == [Extent(1, 1, 1), Extent(1, 2, 2)]


def test_fragments_that_multiply_are_counted_without_being_spread() -> None:
    """Forty fragments that each spread the next twice are more than anybody counts."""
    bomb = " ".join(f"fragment F{n} on T {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    [extent] = extents(f"{{ ...F0 }} {bomb} fragment F40 on T {{ a }}")
    assert extent.fields == EXTENT_COUNTED_MAX


@pytest.mark.parametrize(
    "text",
    [
        "{ ...F } fragment F on T { a ...F }",
        "{ ...F } fragment F on T { a ...G } fragment G on T { ...F }",
        "{ a ...F }",
    ],
)
def test_what_validation_refuses_ends(text: str) -> None:
    """Fragments that spread themselves, and such as are missing, add nothing."""
    assert extents(text)[0].fields == 1


def test_nesting_ends_the_measuring() -> None:
    """However the levels come about: nobody recurses further."""
    levels = NESTING_MAX + 1
    chain = " ".join(f"fragment F{n} on T {{ ...F{n + 1} }}" for n in range(levels))
    with pytest.raises(Nested):
        extents(f"{{ ...F0 }} {chain} fragment F{levels} on T {{ a }}")


def test_height_counts_a_field_at_one_place_once() -> None:
    """Aliases and repetitions of a field are one; the same name below another field is another."""
    assert merged("{ a { b } x: a { b c } ...F d { b } } fragment F on Q { a { e } }").height == 6


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("{ a b c }", 0),
        ("{ a a a }", 3),
        ("{ x: a x: b y: a }", 1),
        ("{ a { b } a { b } }", 2),
        ("{ a { b } ...F ...F } fragment F on Q { a { b } ... { a { b } } }", 6),
    ],
)
def test_pairs_are_fields_that_meet(text: str, pairs: int) -> None:
    """Of equal keys at one place, however they got there; a fragment that is spread twice brings its fields once."""
    assert merged(text).pairs == pairs
