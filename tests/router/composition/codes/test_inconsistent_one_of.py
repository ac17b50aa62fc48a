"""INCONSISTENT_ONE_OF: an input object is @oneOf in some subgraphs only; it is so for clients."""

from __future__ import annotations

from graphql import GraphQLInputObjectType

from router.composition import Composed, compose
from router.supergraph import load_supergraph
from tests.router.composition.case import Case, check, composed, each, subgraph

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_ONE_OF",
        at=["I"],
        says=['in subgraph "a" but not in subgraph "b"'],
        a="type Query { a(i: I): Int }\ndirective @oneOf on INPUT_OBJECT\ninput I @oneOf { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int g: Int }",
    ),
    composed(
        "in two of three, one by an extension",
        "INCONSISTENT_ONE_OF",
        says=['in subgraphs "a" and "c" but not in subgraph "b"'],
        a="type Query { a(i: I): Int }\ndirective @oneOf on INPUT_OBJECT\ninput I @oneOf { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int g: Int }",
        c="type Query { c(i: I): Int }\ninput I { f: Int g: Int }\n"
        "directive @oneOf on INPUT_OBJECT\nextend input I @oneOf",
    ),
    composed(
        "in all that have it",
        a="type Query { a(i: I): Int }\ndirective @oneOf on INPUT_OBJECT\ninput I @oneOf { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ndirective @oneOf on INPUT_OBJECT\ninput I @oneOf { f: Int g: Int }",
        c="type Query { c: Int }",
    ),
)


@each(CASES)
def test_inconsistent_one_of(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_ONE_OF", case)


def test_clients_see_the_strict_input_object() -> None:
    """What fits @oneOf fits the plain input object of the other subgraph too, so all clients write that."""
    outcome = compose(CASES[0].subgraphs)

    assert isinstance(outcome, Composed)
    input_type = load_supergraph(outcome.sdl).api.type_map["I"]
    assert isinstance(input_type, GraphQLInputObjectType)
    assert input_type.is_one_of


def test_one_of_needs_no_definition() -> None:
    """The directive is one of GraphQL's own."""
    outcome = compose([subgraph("a", "type Query { a(i: I): Int }\ninput I @oneOf { f: Int g: Int }")])

    assert isinstance(outcome, Composed)
