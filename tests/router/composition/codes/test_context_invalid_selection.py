"""CONTEXT_INVALID_SELECTION: what is selected from a context is one leaf that fits the argument, on every type that sets it."""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CODE = "CONTEXT_INVALID_SELECTION"
SCHEMA = """type Query {{ t: T }}
type T @context(name: "ctx") {{ id: ID! u: U! us: [U!]! p: String! n: Int tags: [String!]! q(x: Int): String r(x: Int!): String }}
type S {also} {{ id: ID! u: U p: String o: String }}
type U @key(fields: "id") {{ id: ID! name: String names: [String] size: Int s: S
  f(a: {type} @fromContext(field: "$ctx {selection}")): Int }}"""


def taking(selection: str, type_: str = "String", also: str = "") -> str:
    """A subgraph that takes an argument of a type by a selection; `also` stands on another type."""
    return SCHEMA.format(selection=selection, type=type_, also=also)


CASES = (
    rejected("does not parse", CODE, says=["does not parse"], places=["a:6"], a=taking("{ p ")),
    rejected("nothing", CODE, a=taking("{ }")),
    rejected("two sets", CODE, a=taking("{ p } { id }")),
    rejected("an operation", CODE, a=taking("query { p }")),
    rejected("two fields", CODE, says=["exactly one field"], a=taking("{ p id }")),
    rejected("a field and a fragment", CODE, a=taking("{ p ... on T { p } }")),
    rejected("a fragment and a field", CODE, a=taking("{ ... on T { p } p }")),
    rejected("a named fragment", CODE, a=taking("{ ...F }")),
    rejected("a named fragment below", CODE, says=["...F"], a=taking("{ u { ...F } }")),
    rejected("an inline fragment below", CODE, a=taking("{ u { ... on U { name } } }")),
    rejected("an unknown field", CODE, says=['"nope" on type "T"'], a=taking("{ nope }")),
    rejected("an unknown field below", CODE, says=['"nope" on type "U"'], a=taking("{ u { nope } }")),
    rejected("no leaf", CODE, says=["needs a selection"], a=taking("{ u }")),
    rejected("below a leaf", CODE, says=["takes no selection"], a=taking("{ p { x } }")),
    rejected("an alias", CODE, says=["alias"], a=taking("{ x: p }")),
    rejected("an alias below", CODE, says=["alias"], a=taking("{ u { x: name } }")),
    rejected("a directive", CODE, says=['"@include"'], a=taking("{ p @include(if: true) }")),
    rejected("a directive on a fragment", CODE, a=taking("{ ... on T @include(if: true) { p } }")),
    rejected("another type", CODE, at=["U.f(a:)"], says=['of type "Int"', 'of type "String"'], a=taking("{ n }")),
    rejected("an ID is no String", CODE, a=taking("{ id }")),
    rejected("an Int is no Float", CODE, a=taking("{ n }", "Float")),
    rejected("an argument that cannot be null", CODE, says=["nullable throughout"], a=taking("{ p }", "String!")),
    rejected("items that cannot be null", CODE, a=taking("{ tags }", "[String!]")),
    rejected("a list for one", CODE, says=['"[String]"'], a=taking("{ tags }")),
    rejected("one for a list", CODE, a=taking("{ p }", "[String]")),
    rejected("a list on the way", CODE, says=['"[String]"'], a=taking("{ us { name } }")),
    rejected("without a required argument", CODE, says=['"x"', "required"], a=taking("{ r }")),
    rejected("with an unknown argument", CODE, says=['no argument "y"'], a=taking("{ q(y: 1) }")),
    rejected("with a value that does not fit", CODE, a=taking("{ q(x: true) }")),
    rejected(
        "a type that sets it lacks the field",
        CODE,
        says=['"n" on type "S"'],
        a=taking("{ n }", "Int", '@context(name: "ctx")'),
    ),
    rejected(
        "a type that sets it has no fragment",
        CODE,
        says=['no fragment applies to "S"'],
        a=taking("{ ... on T { p } }", also='@context(name: "ctx")'),
    ),
    rejected(
        "a fragment that never applies", CODE, says=['"S" never applies'], a=taking("{ ... on T { p } ... on S { o } }")
    ),
    rejected("a fragment on an unknown type", CODE, says=['"Z"'], a=taking("{ ... on T { p } ... on Z { p } }")),
    rejected("two fragments on one type", CODE, a=taking("{ ... on T { p } ... on T { p } }")),
    rejected("a fragment without type", CODE, a=taking("{ ... { p } }")),
    rejected("a fragment in a fragment", CODE, a=taking("{ ... on T { ... on T { p } } }")),
    rejected(
        "a fragment on an interface",
        CODE,
        says=['"I", which is no object type'],
        a="""type Query { i: I }
interface I @context(name: "ctx") { u: U p: String }
type T implements I { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { ... on I { p } }")): Int }""",
    ),
    rejected(
        "a field of a union",
        CODE,
        says=['"p" on type "V"'],
        a="""type Query { v: V }
union V @context(name: "ctx") = T
type T { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    rejected(
        "an interface object",
        CODE,
        says=['"I" is an @interfaceObject'],
        a="""type Query { i: I }
type I @interfaceObject @key(fields: "id") @context(name: "ctx") { id: ID! u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
        b='interface I @key(fields: "id") { id: ID! }\ntype T implements I @key(fields: "id") { id: ID! }',
    ),
    composed("a leaf", a=taking("{ p }")),
    composed("an argument", a=taking("{ q(x: 1) }")),
    composed("an optional argument left out", a=taking("{ q }")),
    composed("the name of the type", a=taking("{ __typename }")),
    composed("a list", a=taking("{ tags }", "[String]")),
    composed("a list on the way, for a list", a=taking("{ us { name } }", "[String]")),
    composed("lists within lists", a=taking("{ us { names } }", "[[String]]")),
    composed("a path", a=taking("{ u { s { o } } }")),
    composed("a field of every type that sets it", a=taking("{ p }", also='@context(name: "ctx")')),
    composed(
        "a fragment for each type that sets it",
        a=taking("... on T { p } ... on S { o }", also='@context(name: "ctx")'),
    ),
    composed(
        "an interface's field",
        a="""type Query { i: I }
interface I @context(name: "ctx") { u: U p: String }
type T implements I { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    composed(
        "fragments for some of an interface's implementations",
        a="""type Query { i: I }
interface I @context(name: "ctx") { u: U }
type T implements I { u: U p: String }
type S implements I { u: U }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { ... on T { p } }")): Int }""",
    ),
    composed(
        "fragments on the members of a union",
        a="""type Query { v: V }
union V @context(name: "ctx") = T | S
type T { u: U p: String }
type S { u: U o: String! }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { ... on T { p } ... on S { o } }")): Int }""",
    ),
    composed(
        "what is external is thereby used",
        a="""type Query { t: T }
type T @key(fields: "id") @context(name: "ctx") { id: ID! u: U p: String @external }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
        b='type T @key(fields: "id") { id: ID! p: String }',
    ),
)


@each(CASES)
def test_context_invalid_selection(case: Case) -> None:
    """One leaf of the argument's type is selected from each type that sets the context."""
    check(CODE, case)


@pytest.mark.parametrize("selection", ["{ u { name name2 } }", "{ ... on T { p p2 } }"])
def test_of_two_fields_none_is_chosen(selection: str) -> None:
    """The reference lets several fields of one type pass below the top; nothing says which of them the argument gets."""
    sdl = (
        taking(selection)
        .replace("name: String ", "name: String name2: String ")
        .replace("p: String!", "p: String! p2: String")
    )
    outcome = compose([subgraph("a", sdl)])
    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == [CODE]
