"""INVALID_GRAPHQL: each subgraph's SDL is valid GraphQL, and so is the schema that their merge gives."""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose, format_text
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "an extension of a built-in scalar",
        "INVALID_GRAPHQL",
        places=["a:3"],
        a='type Query { a: Int }\nextend scalar Int @tag(name: "x")',
    ),
    # What a subgraph's SDL breaks.
    rejected(
        "unknown types",
        "INVALID_GRAPHQL",
        says=["[a] Unknown type 'T'.", "[a] Unknown type 'I'."],
        places=["a:2", "a:2"],
        a="type Query { t(i: I): T }",
    ),
    rejected(
        "unknown directive, and how to import it",
        "INVALID_GRAPHQL",
        says=["Unknown directive '@key'", 'add "@key" to the import'],
        places=["a:2"],
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")\n'
        'type Query @key(fields: "id") { id: ID! }',
    ),
    rejected(
        "directive arguments that are missing, or unknown",
        "INVALID_GRAPHQL",
        places=["a:2", "a:3"],
        a='type Query { a: Int @tag\nb: Int @deprecated(why: "x") }',
    ),
    rejected(
        "a directive argument of another type",
        "INVALID_GRAPHQL",
        says=["@tag(name:)"],
        places=["a:3"],
        a="type Query { a: Int @cost(weight: 1)\nb: Int @tag(name: 1) }",
    ),
    rejected(
        "a directive where it cannot stand, and one twice",
        "INVALID_GRAPHQL",
        places=["a:2", "a:3"],
        a="type Query @deprecated { a: Int\nb: Int @inaccessible @inaccessible }",
    ),
    rejected(
        "a type and a field that are defined twice",
        "INVALID_GRAPHQL",
        a="type Query { a: T a: Int }\ntype T { f: Int }\ntype T { g: Int }",
    ),
    rejected(
        "an implementation without the field, or with another type",
        "INVALID_GRAPHQL",
        says=["I.f", "I.g"],
        a="type Query { i: I }\ninterface I { f: Int g: Int }\ntype T implements I { g: String }",
    ),
    rejected(
        "arguments of an implementation",
        "INVALID_GRAPHQL",
        a="type Query { i: I }\ninterface I { f(x: Int): Int g: Int }\ntype T implements I { f: Int g(y: Int!): Int }",
    ),
    rejected(
        "an interface that is none, and one left out",
        "INVALID_GRAPHQL",
        a="type Query { i: I }\ntype T implements U { f: Int }\ntype U { f: Int }\n"
        "interface I { f: Int }\ninterface J implements I { f: Int }\ntype V implements J { f: Int }",
    ),
    rejected(
        "interfaces in a circle",
        "INVALID_GRAPHQL",
        a="type Query { i: I }\ninterface I implements J { f: Int }\ninterface J implements I { f: Int }",
    ),
    rejected(
        "members of a union",
        "INVALID_GRAPHQL",
        a="type Query { u: U }\nunion U = I | T | T\ninterface I { f: Int }\ntype T { f: Int }",
    ),
    rejected(
        "types with nothing in them",
        "INVALID_GRAPHQL",
        a="type Query { t: T u: U e: E f(i: I): Int }\ntype T\nunion U\nenum E\ninput I",
    ),
    rejected(
        "input for output, output for input",
        "INVALID_GRAPHQL",
        a="type Query { a(t: T): I }\ntype T { f: Int }\ninput I { f: Int }",
    ),
    rejected(
        "an input object that demands itself",
        "INVALID_GRAPHQL",
        a="type Query { a(i: I): Int }\ninput I { j: J! }\ninput J { i: I! }",
    ),
    rejected(
        "defaults that are no values of their types",
        "INVALID_GRAPHQL",
        a='type Query { a(i: Int = "x"): Int b(e: E = B): Int c(i: I = {g: 1}): Int d(i: Int! = null): Int }\n'
        "enum E { A }\ninput I { f: Int }",
    ),
    rejected(
        "names that are reserved",
        "INVALID_GRAPHQL",
        a="type Query { __a: Int }",
    ),
    rejected(
        "what must be given cannot be deprecated",
        "INVALID_GRAPHQL",
        a="type Query { a(x: Int! @deprecated): Int b(i: I): Int }\ninput I { f: Int! @deprecated g: Int }",
    ),
    rejected(
        "a query among the types",
        "INVALID_GRAPHQL",
        places=["a:3"],
        a="type Query { a: Int }\nquery { a }",
    ),
    rejected(
        "a query root that is no object",
        "INVALID_GRAPHQL",
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")\n'
        "schema { query: Q }\ninterface Q { a: Int }",
    ),
    rejected(
        "a query root that nobody defines",
        "INVALID_GRAPHQL",
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")\nschema { query: Q }',
        b="type Query { b: Int }",
    ),
    rejected(
        "each subgraph is checked",
        "INVALID_GRAPHQL",
        says=["[a]", "[b]"],
        places=["a:2", "b:2"],
        a="type Query { a: Nope }",
        b="type Query { b: Nope }",
        c="type Query { c: Int }",
    ),
    # What only the merged schema breaks.
    rejected(
        "an implementation returns more than its interface after merging",
        "INVALID_GRAPHQL",
        says=["I.f", "T.f"],
        a="type Query { a: I }\ninterface I { f: Int! }\ntype T implements I @shareable { f: Int! }",
        b="type T @shareable { f: Int }",
    ),
    rejected(
        "an implementation loses an argument",
        "INVALID_GRAPHQL",
        a="type Query { a: I }\ninterface I { f(x: Int): Int }\ntype T implements I @shareable { f(x: Int): Int }",
        b="type T @shareable { f: Int }",
    ),
    rejected(
        "an implementation demands an argument after merging",
        "INVALID_GRAPHQL",
        a="type Query { a: I }\ninterface I { f(x: Int): Int g: Int }\n"
        "type T implements I @shareable { f(x: Int): Int g(y: Int): Int }",
        b="type T @shareable { f(x: Int!): Int g(y: Int!): Int }",
    ),
    rejected(
        "two subgraphs close a circle of input objects",
        "INVALID_GRAPHQL",
        a="type Query { a(i: I): Int }\ninput I { j: J! }\ninput J { i: I }",
        b="type Query { b(i: I): Int }\ninput I { j: J }\ninput J { i: I! }",
    ),
    rejected(
        "two subgraphs close a circle of interfaces",
        "INVALID_GRAPHQL",
        a="type Query { a: I }\ninterface I implements J { f: Int }\ninterface J { f: Int }\n"
        "type T implements I & J @shareable { f: Int }",
        b="interface J implements I { f: Int }\ninterface I { f: Int }",
    ),
    rejected(
        "another subgraph gives the interface an interface",
        "INVALID_GRAPHQL",
        a="type Query { a: J }\ninterface J { f: Int }\ntype T implements J { f: Int }",
        b="interface J implements I { f: Int }\ninterface I { f: Int }",
    ),
    rejected(
        "a default uses an enum value that is dropped",
        "INVALID_GRAPHQL",
        a="type Query { a(e: E = B): Int }\nenum E { A B }",
        b="type Query { b(e: E): Int }\nenum E { A }",
    ),
    rejected(
        "a default uses an input field that is dropped",
        "INVALID_GRAPHQL",
        a="type Query { a(i: I = {g: 1}): Int }\ninput I { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    rejected(
        "what one subgraph deprecates another demands",
        "INVALID_GRAPHQL",
        a="type Query { f(x: Int @deprecated): Int @shareable }",
        b="type Query { f(x: Int!): Int @shareable }",
    ),
    # Near misses.
    composed(
        "a deprecated implementation of a field that is not",
        a="type Query { a: I }\ninterface I { f: Int }\ntype T implements I { f: Int @deprecated }",
    ),
    composed(
        "input objects in a circle that can be left",
        a="type Query { a(i: I): Int }\ninput I { j: [J!]! }\ninput J { i: I! }",
    ),
    composed(
        "implementations that narrow alike",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a="type Query { a: I }\ninterface I { f: I }\ntype T implements I @shareable { f: T! }",
        b="interface I { f: I }\ntype T implements I @shareable { f: T }",
    ),
    composed(
        "a subgraph without queries",
        a="type Query { a: Int }",
        b="scalar Unused",
    ),
)


@each(CASES)
def test_invalid_graphql(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INVALID_GRAPHQL", case)


@pytest.mark.parametrize(
    ("sdl", "says"),
    [
        pytest.param("type Query { a: ", "Syntax Error", id="syntax"),
        pytest.param("type Query { a: Int }\nenum E { true }", "'true' is reserved", id="reserved enum value"),
        pytest.param("type Query { a(x: Int, x: Int): Int }", "can only be defined once", id="argument twice"),
        pytest.param("type Query { a: E }\nenum E { A A }", "can only be defined once", id="enum value twice"),
        pytest.param(
            'type Query { a: Int @deprecated(reason: "", reason: "") }', "only one argument", id="twice applied"
        ),
        pytest.param(
            "type Query { a: Int }\nextend interface Query { b: Int }", "Cannot extend", id="extension of a kind"
        ),
        pytest.param(
            "schema { query: Q }\nschema { query: Q }\ntype Q { a: Int }", "only one schema", id="two schemas"
        ),
        pytest.param("schema { query: Q mutation: Q }\ntype Q { a: Int }", "must be different", id="one root for two"),
        pytest.param("type Query { a: Int }\ndirective @d on A_PLACE", "Unexpected Name", id="unknown location"),
        pytest.param("type Query { a(x: Int = 3000000000): Int }", "32-bit", id="default too large"),
        pytest.param("type Query { a(i: I = {}): Int }\ninput I { f: Int! }", "required field", id="default too small"),
        pytest.param("type Query { a(i: I): Int }\ninput I { i: I = {} }", "circular", id="default without end"),
    ],
)
def test_what_the_reference_lets_pass(sdl: str, says: str) -> None:
    """GraphQL forbids it, so servers and tools would refuse the supergraph sooner or later; the reference composes it or throws."""
    outcome = compose([subgraph("a", sdl), subgraph("b", "type Query { b: Int }")])

    assert isinstance(outcome, Rejected)
    assert {error.code.name for error in outcome.errors} == {"INVALID_GRAPHQL"}
    assert any(says in error.message for error in outcome.errors), format_text(outcome)
    assert all(place.subgraph == "a" for error in outcome.errors for place in error.places)


def test_every_problem_of_every_subgraph() -> None:
    """One run tells all, at line and column."""
    outcome = compose(
        [subgraph("a", "type Query {\n  a: X\n  b: Y\n}"), subgraph("b", "type Query {\n  c(\n    x: Z): Int\n}")]
    )

    assert isinstance(outcome, Rejected)
    places = sorted((place.subgraph, place.line, place.column) for error in outcome.errors for place in error.places)
    assert places == [("a", 3, 6), ("a", 4, 6), ("b", 4, 8)]


def test_one_of_cannot_demand_a_field() -> None:
    """A field that another subgraph requires leaves @oneOf no choice."""
    outcome = compose(
        [
            subgraph("a", "type Query { a(i: I): Int }\ninput I @oneOf { f: Int g: Int }"),
            subgraph("b", "type Query { b(i: I): Int }\ninput I { f: Int! g: Int }"),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["INVALID_GRAPHQL"]


@pytest.mark.parametrize("name", ["join__Graph", "join__Mine", "link__Mine"])
def test_names_of_the_machinery(name: str) -> None:
    """A supergraph could not tell such a type from its own."""
    outcome = compose([subgraph("a", f"type Query {{ a: {name} }}\ntype {name} {{ f: Int }}")])

    assert isinstance(outcome, Rejected)
    assert [(error.code.name, error.coordinates) for error in outcome.errors] == [("INVALID_GRAPHQL", (name,))]
    assert [place.line for place in outcome.errors[0].places] == [3]


def test_the_merged_schema_has_places() -> None:
    """What only the merge breaks is said with where its parts stand in each subgraph."""
    outcome = compose(
        [
            subgraph("a", 'type Query { a(by: By = {name: "x"}): Int }\ninput By { size: Int name: String }'),
            subgraph("b", "type Query { b(by: By): Int }\ninput By { size: Int! name: String }"),
        ]
    )

    assert isinstance(outcome, Rejected)
    (error,) = outcome.errors
    assert error.coordinates == ("Query.a(by:)",)
    assert [(place.subgraph, place.line) for place in error.places] == [("a", 2)]


@pytest.mark.parametrize(
    "definition", ["enum Subscription { TICK }", "scalar Mutation", "interface Subscription { a: Int }"]
)
def test_roots_are_objects(definition: str) -> None:
    """A type may bear the name of a root that its subgraph does not have, but not in a supergraph."""
    outcome = compose([subgraph("a", f"schema {{ query: Asks }}\ntype Asks {{ a: Int }}\n{definition}")])

    assert isinstance(outcome, Rejected)
    (error,) = outcome.errors
    assert error.code.name == "INVALID_GRAPHQL"
    assert "roots are objects" in error.message
    assert [place.line for place in error.places] == [4]


@pytest.mark.parametrize("directive", ["@requiresScopes(scopes: [[read]])", '@policy(policies: [[1], ["a"]])'])
def test_rights_are_strings(directive: str) -> None:
    """A scope that compares with no other must not pass for a demand that is met."""
    outcome = compose([subgraph("a", f"type Query {{ a: Int {directive} }}")])

    assert isinstance(outcome, Rejected)
    assert [(error.code.name, error.coordinates) for error in outcome.errors] == [("INVALID_GRAPHQL", ("Query.a",))]


def test_types_of_federation_are_for_federation() -> None:
    """Its scalars do not reach the supergraph, so no field of it can be of them."""
    outcome = compose([subgraph("a", "type Query { a: federation__FieldSet }")])

    assert isinstance(outcome, Rejected)
    assert [(error.code.name, error.coordinates) for error in outcome.errors] == [("INVALID_GRAPHQL", ("Query.a",))]
