"""Field sets as texts and on schemas: what is the same set, what another name changes, which values fit which types."""

from __future__ import annotations

import pytest
from graphql import parse_value

from router.composition.model.fieldset import normalized, parse_field_set, rename_conditions, unordered
from router.composition.model.literal import misfit
from router.composition.model.report import Report
from router.composition.model.schema import EnumValue, Field, Schema, Type
from router.composition.model.typeref import ListOf, Named, NonNull, TypeRef
from router.composition.model.uses import find_uses
from router.composition.subgraph.read import read_subgraphs
from tests.router.composition.case import subgraph


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("id code", "code, id"),
        ("u { a b } id", "{ id u { b a } }"),
        ("u { a } u { b }", "u { b a }"),
        ("id id", "id"),
        ("... on T { a b }", "...on T{b a}"),
        ("f(x: 1, y: 2)", "f(x:1 y:2)"),
    ],
)
def test_the_same_set(one: str, other: str) -> None:
    """Order, repetition and layout make no difference."""
    assert unordered(one) == unordered(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x { a b } y { c }", "x { a } y { b c }"),
        ("f(x: 1)", "f(x: 2)"),
        ("... on T { a }", "... on U { a }"),
        ("... on T { a }", "... { a }"),
        ("id", "id @skip(if: true)"),
        ("u { a }", "u { a { b } }"),
    ],
)
def test_another_set(one: str, other: str) -> None:
    """What is nested, given or applied elsewhere makes another set."""
    assert unordered(one) != unordered(other)


@pytest.mark.parametrize(
    ("written", "renamed"),
    [
        ("q { ... on Root { a ... on Root { b } } }", "q { ... on Query { a ... on Query { b } } }"),
        ("Root  ...on Other { a }", "Root ... on Other { a }"),
        ("...{ Root }", "... { Root }"),
        ("id  Root", "id  Root"),
        ("... on Root @include(if: true) { a }", "... on Query @include(if: true) { a }"),
        ("...Root", "...Root"),
        ("... on Root {", "... on Root {"),
    ],
)
def test_renamed_conditions(written: str, renamed: str) -> None:
    """Only the types of fragments get another name, and nothing is lost on the way."""
    assert rename_conditions(written, {"Root": "Query", "Mutation": "Mutation"}) == renamed


def test_texts_are_parsed_once() -> None:
    """Equal texts share their nodes."""
    assert parse_field_set("id code") is parse_field_set("id code")
    assert normalized("{id,code}") == "id code"


SCHEMA = Schema(
    {
        "Unit": Type(
            name="Unit", coordinate="Unit", kind="ENUM", values={"KG": EnumValue(name="KG", coordinate="Unit.KG")}
        ),
        "Raw": Type(name="Raw", coordinate="Raw", kind="SCALAR"),
        "From": Type(
            name="From",
            coordinate="From",
            kind="INPUT_OBJECT",
            fields={"at": Field(name="at", coordinate="From.at", parent="From", type=NonNull(Named("Int")))},
        ),
    }
)
INT, INTS = Named("Int"), ListOf(ListOf(NonNull(Named("Int"))))


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (INT, "-2147483648"),
        (INT, "null"),
        (Named("Float"), "1"),
        (Named("ID"), "1"),
        (Named("ID"), '"a"'),
        (Named("Unit"), "KG"),
        (Named("Raw"), "{a: [1, B, null]}"),
        (Named("From"), "{at: 1}"),
        (INTS, "1"),
        (INTS, "[[1, 2], null, []]"),
    ],
)
def test_values_that_fit(type_: TypeRef, value: str) -> None:
    """Literals are coerced as GraphQL's specification says (section 3)."""
    assert misfit(SCHEMA, type_, parse_value(value)) is None


@pytest.mark.parametrize(
    ("type_", "value", "words"),
    [
        (INT, "2147483648", 'no "Int"'),
        (INT, "1.0", 'no "Int"'),
        (INT, "$x", 'variable "$x"'),
        (NonNull(INT), "null", 'null is no "Int!"'),
        (Named("Boolean"), "1", 'no "Boolean"'),
        (Named("String"), "a", 'no "String"'),
        (Named("Unit"), "LB", 'LB is no "Unit"'),
        (Named("From"), "1", 'no "From"'),
        (Named("From"), "{}", '"From.at" is required'),
        (Named("From"), "{at: true}", 'true is no "Int"'),
        (Named("From"), "{at: 1, by: 2}", '"From" has no field "by"'),
        (INTS, "[[null]]", 'null is no "Int!"'),
    ],
)
def test_values_that_do_not(type_: TypeRef, value: str, words: str) -> None:
    """The reason names the value and the type that it should be of."""
    assert words in (misfit(SCHEMA, type_, parse_value(value)) or "")


def test_uses_in_source_order() -> None:
    """Each directive is found where it stands, with the fields that it names and those that implement them."""
    sdl = """type Query { node: Node @provides(fields: "x") }
        interface Node @key(fields: "id") { id: ID! x: Int }
        type T implements Node @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x zz") }"""
    (read,) = read_subgraphs([subgraph("a", sdl)], Report())

    uses = find_uses(read.schema)

    assert [use.coordinate for use in uses.keys] == ["Node", "T"]
    assert list(uses.provides[0].covered(read.schema)) == ["Node.x", "T.x"]
    assert uses.requires[0].coordinate == "T.y"
    assert list(uses.requires[0].covered(read.schema)) == ["T.x"]
    assert not uses.requires[0].fit
