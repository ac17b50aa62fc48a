"""What `check` finds between two schemas: one case a kind of change, and near misses that are none."""

from __future__ import annotations

import pytest

from router.changes import Kind, check
from tests.router.changes.supergraphs import compared, supergraph, told

CASES = {
    # types
    "a type goes": (
        "type Query { a: Int b: B } type B { x: Int }",
        "type Query { a: Int }",
        ["breaking TYPE_REMOVED B", "breaking FIELD_REMOVED Query.b"],
    ),
    "a type comes": ("type Query { a: Int }", "type Query { a: Int } scalar B", ["safe TYPE_ADDED B"]),
    "a type is of another kind": (
        "type Query { b: B } type B { x: Int }",
        "type Query { b: B } interface B { x: Int } type C implements B { x: Int }",
        ["breaking TYPE_KIND_CHANGED B", "safe TYPE_ADDED C"],
    ),
    "mutations go": (
        "type Query { a: Int } type Mutation { m: Int }",
        "type Query { a: Int }",
        ["breaking ROOT_TYPE_CHANGED Mutation", "breaking TYPE_REMOVED Mutation"],
    ),
    "a union changes": (
        "type Query { u: U c: C } union U = A | B type A { x: Int } type B { x: Int } type C { x: Int }",
        "type Query { u: U c: C b: B } union U = A | C type A { x: Int } type B { x: Int } type C { x: Int }",
        ["breaking UNION_MEMBER_REMOVED U", "dangerous UNION_MEMBER_ADDED U", "safe FIELD_ADDED Query.b"],
    ),
    "an enum changes": (
        "type Query { e: E } enum E { A B }",
        "type Query { e: E } enum E { A C }",
        ["breaking ENUM_VALUE_REMOVED E.B", "dangerous ENUM_VALUE_ADDED E.C"],
    ),
    "an enum that is only sent grows": (
        "type Query { a(e: E): Int } enum E { A }",
        "type Query { a(e: E): Int } enum E { A B }",
        ["safe INPUT_ENUM_VALUE_ADDED E.B"],
    ),
    "interfaces change": (
        "type Query { i: I j: J } interface I { x: Int } interface J { x: Int } type T implements I { x: Int }"
        " type S implements I & J { x: Int }",
        "type Query { i: I j: J } interface I { x: Int } interface J { x: Int } type T implements J { x: Int }"
        " type S implements I & J { x: Int }",
        ["breaking INTERFACE_REMOVED T", "dangerous INTERFACE_ADDED T"],
    ),
    "a scalar is specified otherwise": (
        'type Query { s: S } scalar S @specifiedBy(url: "https://a.test")',
        'type Query { s: S } scalar S @specifiedBy(url: "https://b.test")',
        ["dangerous SPECIFIED_BY_CHANGED S"],
    ),
    # fields
    "a field becomes nullable": (
        "type Query { a: Int! }",
        "type Query { a: Int }",
        ["breaking FIELD_TYPE_CHANGED Query.a"],
    ),
    "a field becomes non-null": (
        "type Query { a: [Int] }",
        "type Query { a: [Int!]! }",
        ["safe FIELD_TYPE_NARROWED Query.a"],
    ),
    "a field becomes a list": (
        "type Query { a: Int }",
        "type Query { a: [Int] }",
        ["breaking FIELD_TYPE_CHANGED Query.a"],
    ),
    "a field answers an implementation": (
        "type Query { a: I t: T } interface I { x: Int } type T implements I { x: Int }",
        "type Query { a: T t: T } interface I { x: Int } type T implements I { x: Int }",
        ["safe FIELD_TYPE_NARROWED Query.a"],
    ),
    "a field answers the interface": (
        "type Query { a: T } interface I { x: Int } type T implements I { x: Int }",
        "type Query { a: I } interface I { x: Int } type T implements I { x: Int }",
        ["breaking FIELD_TYPE_CHANGED Query.a"],
    ),
    "a field is hidden": (
        "type Query { a: Int b: Int }",
        "type Query { a: Int b: Int @inaccessible }",
        ["breaking FIELD_REMOVED Query.b"],
    ),
    # arguments
    "arguments come and go": (
        "type Query { a(x: Int): Int b: Int c: Int }",
        "type Query { a: Int b(x: Int): Int c(x: Int!): Int }",
        [
            "breaking ARGUMENT_REMOVED Query.a(x:)",
            "breaking REQUIRED_ARGUMENT_ADDED Query.c(x:)",
            "dangerous OPTIONAL_ARGUMENT_ADDED Query.b(x:)",
        ],
    ),
    "a new argument with a default": (
        "type Query { a: Int }",
        "type Query { a(x: Int! = 1): Int }",
        ["dangerous OPTIONAL_ARGUMENT_ADDED Query.a(x:)"],
    ),
    "an argument becomes non-null": (
        "type Query { a(x: Int): Int }",
        "type Query { a(x: Int!): Int }",
        ["breaking ARGUMENT_TYPE_CHANGED Query.a(x:)"],
    ),
    "an argument becomes nullable": (
        "type Query { a(x: [Int!]!): Int }",
        "type Query { a(x: [Int!]): Int }",
        ["safe ARGUMENT_TYPE_WIDENED Query.a(x:)"],
    ),
    "an argument takes a list": (
        "type Query { a(x: Int): Int }",
        "type Query { a(x: [Int]): Int }",
        ["breaking ARGUMENT_TYPE_CHANGED Query.a(x:)"],
    ),
    "a default changes": (
        "type Query { a(x: Int = 1, y: Int = 1, z: Int): Int }",
        "type Query { a(x: Int = 2, y: Int, z: Int = 1): Int }",
        [f"dangerous ARGUMENT_DEFAULT_CHANGED Query.a({name}:)" for name in "xyz"],
    ),
    "a required argument loses its default": (
        "type Query { a(x: Int! = 1): Int }",
        "type Query { a(x: Int!): Int }",
        ["breaking ARGUMENT_BECAME_REQUIRED Query.a(x:)"],
    ),
    "the same default, written otherwise": (
        "type Query { a(i: I = {x: 1, y: 2}): Int } input I { x: Int y: Int }",
        "type Query { a(i: I = {y: 2, x: 1}): Int } input I { x: Int y: Int }",
        [],
    ),
    # input objects
    "input fields come and go": (
        "type Query { a(i: I): Int } input I { x: Int k: Int }",
        "type Query { a(i: I): Int } input I { k: Int y: Int z: Int! w: Int! = 1 }",
        [
            "breaking INPUT_FIELD_REMOVED I.x",
            "breaking REQUIRED_INPUT_FIELD_ADDED I.z",
            "dangerous OPTIONAL_INPUT_FIELD_ADDED I.w",
            "dangerous OPTIONAL_INPUT_FIELD_ADDED I.y",
        ],
    ),
    "input fields change": (
        "type Query { a(i: I): Int } input I { n: Int w: Int! d: Int = 1 r: Int! = 1 }",
        "type Query { a(i: I): Int } input I { n: Int! w: Int d: Int = 2 r: Int! }",
        [
            "breaking INPUT_FIELD_TYPE_CHANGED I.n",
            "breaking INPUT_FIELD_BECAME_REQUIRED I.r",
            "dangerous INPUT_FIELD_DEFAULT_CHANGED I.d",
            "safe INPUT_FIELD_TYPE_WIDENED I.w",
        ],
    ),
    "an input object wants one field": (
        "type Query { a(i: I): Int } input I { x: Int y: Int }",
        "type Query { a(i: I): Int } input I @oneOf { x: Int y: Int }",
        ["breaking ONE_OF_ADDED I"],
    ),
    "an input object takes any field": (
        "type Query { a(i: I): Int } input I @oneOf { x: Int y: Int }",
        "type Query { a(i: I): Int } input I { x: Int y: Int }",
        ["safe ONE_OF_REMOVED I"],
    ),
    # directives
    "a directive goes": (
        "type Query { a: Int } directive @d on FIELD",
        "type Query { a: Int }",
        ["breaking DIRECTIVE_REMOVED @d"],
    ),
    "a directive comes": (
        "type Query { a: Int }",
        "type Query { a: Int } directive @d on FIELD",
        ["safe DIRECTIVE_ADDED @d"],
    ),
    "a directive changes": (
        "type Query { a: Int } directive @d(x: Int, k: Int) repeatable on FIELD | QUERY",
        "type Query { a: Int } directive @d(k: Int!, z: Int) on FIELD | MUTATION",
        [
            "breaking DIRECTIVE_LOCATION_REMOVED @d",
            "breaking DIRECTIVE_REPEATABLE_REMOVED @d",
            "breaking ARGUMENT_TYPE_CHANGED @d(k:)",
            "breaking ARGUMENT_REMOVED @d(x:)",
            "dangerous OPTIONAL_ARGUMENT_ADDED @d(z:)",
            "safe DIRECTIVE_LOCATION_ADDED @d",
        ],
    ),
    "a directive may be repeated": (
        "type Query { a: Int } directive @d on FIELD",
        "type Query { a: Int } directive @d repeatable on FIELD",
        ["safe DIRECTIVE_REPEATABLE_ADDED @d"],
    ),
    "a directive of schemas is nothing to clients": (
        "type Query { a: Int } directive @d on OBJECT",
        "type Query { a: Int }",
        [],
    ),
    # words
    "descriptions": (
        'type Query { a: Int "b" b(x: Int): Int }',
        '"q" type Query { "a" a: Int b("x" x: Int): Int }',
        [f"safe DESCRIPTION_CHANGED {name}" for name in ("Query", "Query.a", "Query.b", "Query.b(x:)")],
    ),
    "deprecations": (
        'type Query { a: Int b: Int @deprecated c: E @deprecated(reason: "old") } enum E { A }',
        'type Query { a: Int @deprecated(reason: "use b") b: Int c: E @deprecated(reason: "older") } enum E { A @deprecated }',
        [
            "safe DEPRECATION_ADDED E.A",
            "safe DEPRECATION_ADDED Query.a",
            "safe DEPRECATION_REMOVED Query.b",
            "safe DEPRECATION_REASON_CHANGED Query.c",
        ],
    ),
    # access
    "a field wants a caller": (
        "type Query { a: Int }",
        "type Query { a: Int @authenticated }",
        ["dangerous AUTHORIZATION_ADDED Query.a"],
    ),
    "a type wants no scopes any more": (
        'type Query { t: T } type T @requiresScopes(scopes: [["x"]]) { x: Int }',
        "type Query { t: T } type T { x: Int }",
        ["safe AUTHORIZATION_REMOVED T"],
    ),
    "nothing": ("type Query { a: Int }", "type Query { a: Int }", []),
}


@pytest.mark.parametrize("name", list(CASES))
def test_each_change_has_its_severity_and_coordinate(name: str) -> None:
    """All that differs is found, and nothing else."""
    old, new, expected = CASES[name]

    assert told(compared(old, new).changes) == expected


def test_a_message_says_what_was_before() -> None:
    """A change can be judged without looking at either schema."""
    report = compared('type Query { a: Int! b(x: Int = 1): Int @deprecated(reason: "use a") }', "type Query { a: Int }")

    assert [change.message for change in report.changes] == [
        "Query.a answers Int; before, Int!.",
        'Query.b is gone (it was deprecated: "use a").',
    ]


def test_scopes_that_change_are_told() -> None:
    """What is demanded now, and in place of what."""
    [change] = compared(
        'type Query { a: Int @requiresScopes(scopes: [["x", "y"], ["z"]]) }', "type Query { a: Int @authenticated }"
    ).changes

    assert change.message == "Query.a now demands a caller who has signed in in place of the scopes x+y or z."


def test_who_answers_is_told_and_never_breaks() -> None:
    """Fields that move, gain and lose a subgraph, overrides, and subgraphs that come and go."""
    old = supergraph(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! moves: Int shared: Int @shareable over: Int }',
        b='type T @key(fields: "id") { id: ID! shared: Int @shareable }',
        c="type Query { c: Int }",
    )
    new = supergraph(
        a='type Query { t: T c: Int } type T @key(fields: "id") { id: ID! shared: Int @shareable over: Int }',
        b='type T @key(fields: "id") { id: ID! moves: Int over: Int @override(from: "a") }',
        d='type T @key(fields: "id") { id: ID! shared: Int @shareable }',
    )

    report = check(old, new)

    assert not report.breaks
    assert {change.kind for change in report.changes} == {
        Kind.SUBGRAPH_ADDED, Kind.SUBGRAPH_REMOVED, Kind.FIELD_MOVED, Kind.OVERRIDE_CHANGED, Kind.FIELD_RESOLVER_ADDED,
    }  # fmt: skip
    messages = {change.coordinate: change.message for change in report.changes if change.kind is Kind.FIELD_MOVED}
    assert messages["T.moves"] == 'T.moves has moved from "a" to "b".'


def test_every_kind_is_found_by_some_case() -> None:
    """No kind of the catalogue is a promise that nobody keeps."""
    found = {line.split()[1] for _, _, expected in CASES.values() for line in expected}
    ownership = {
        kind.name for kind in Kind if kind.name.startswith(("SUBGRAPH", "FIELD_MOVED", "FIELD_RESOLVER", "OVERRIDE"))
    }

    assert {kind.name for kind in Kind} == found | ownership
