"""MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS: a directive's arguments differ; they are combined."""

from __future__ import annotations

import pytest

from router.composition import Composed, compose
from tests.router.composition.case import Case, check, composed, each, subgraph

CODE = "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS"


def applied(one: str, other: str, of: str = "f(first: Int, last: Int): [Int]") -> dict[str, str]:
    """Two subgraphs that share a field with different directives."""
    return {"a": f"type Query {{ {of} @shareable {one} }}", "b": f"type Query {{ {of} @shareable {other} }}"}


CASES = (
    composed(
        "weights", CODE, at=["Query.f"], says=["weight: 3"], subgraphs=applied("@cost(weight: 1)", "@cost(weight: 3)")
    ),
    composed(
        "sizes of lists",
        CODE,
        says=["assumedSize: 5", '["first", "last"]'],
        subgraphs=applied(
            '@listSize(assumedSize: 5, slicingArguments: ["first"], requireOneSlicingArgument: false)',
            '@listSize(assumedSize: 2, slicingArguments: ["first", "last"])',
        ),
    ),
    composed(
        "sizes of lists, of which one says little",
        CODE,
        subgraphs=applied("@listSize(assumedSize: 5)", '@listSize(slicingArguments: ["first"])'),
    ),
    composed(
        "scopes",
        CODE,
        says=['[["a", "c"], ["b", "c"]]'],
        subgraphs=applied('@requiresScopes(scopes: [["a"], ["b"]])', '@requiresScopes(scopes: [["c"]])'),
    ),
    composed(
        "policies of which one covers the other",
        CODE,
        says=['combines them to @policy(policies: [["a", "b"]])'],
        subgraphs=applied('@policy(policies: [["a"]])', '@policy(policies: [["a", "b"]])'),
    ),
    composed(
        "an interface demands what its implementations do",
        CODE,
        at=["I", "I.f"],
        a="""type Query { i: I }
interface I { f: Int }
type S implements I @requiresScopes(scopes: [["a"]]) { f: Int @policy(policies: [["p"]]) }
type T implements I @requiresScopes(scopes: [["b"]]) { f: Int @policy(policies: [["q"]]) }""",
    ),
    composed(
        "the same",
        subgraphs=applied('@cost(weight: 1) @policy(policies: [["a"]])', '@cost(weight: 1) @policy(policies: [["a"]])'),
    ),
    composed(
        "a default written or not",
        subgraphs=applied("@listSize(assumedSize: 5)", "@listSize(requireOneSlicingArgument: true, assumedSize: 5)"),
    ),
    composed("in one subgraph only", subgraphs=applied('@requiresScopes(scopes: [["a"]]) @cost(weight: 4)', "")),
    composed("repeatable ones are all kept", subgraphs=applied('@tag(name: "x")', '@tag(name: "y")')),
)


@each(CASES)
def test_merged_non_repeatable_directive_arguments(case: Case) -> None:
    """Costs add up to the largest, rights to what satisfies all."""
    check(CODE, case)


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("@cost(weight: -3)", "@cost(weight: 2)", "@cost(weight: 2)"),
        (
            '@requiresScopes(scopes: [["b", "a"], ["c"]])',
            '@requiresScopes(scopes: [["c"], ["d", "a"]])',
            '@requiresScopes(scopes: [["c"], ["a", "b", "d"]])',
        ),
        ("@policy(policies: [])", '@policy(policies: [["p"]])', '@policy(policies: [["p"]])'),
    ],
)
def test_what_they_are_combined_to(one: str, other: str, merged: str) -> None:
    """The supergraph has the largest weight, and alternatives of which none is covered by another."""
    outcome = compose([subgraph(name, sdl) for name, sdl in applied(one, other).items()])
    assert isinstance(outcome, Composed)
    assert f" {merged}" in outcome.sdl
