"""SATISFIABILITY_ERROR: every field that clients can ask for is had from some subgraph, on every path to it."""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose
from router.limits import UNSATISFIABLE_FIELDS_SHOWN_MAX
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CODE = "SATISFIABILITY_ERROR"

KEYS = (
    rejected(
        "value type with a field that only another subgraph has",
        CODE,
        at=["Berth.code"],
        says=[
            "{ vessel(…) { berth { code } } }",
            'from subgraph "a": cannot find field "Berth.code"',
            'cannot move to subgraph "b", which has "Berth.code": there is no @key of "Berth" there',
            'give "Berth" a @key in subgraph "b"',
        ],
        places=["b:3"],
        a="type Query { vessel(id: ID): Vessel }\ntype Vessel { berth: Berth }\ntype Berth { n: Int @shareable }",
        b="type Query { berths: [Berth] }\ntype Berth { n: Int @shareable code: Int }",
    ),
    composed(
        "a key leads there",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID }',
        b='type T @key(fields: "id") { id: ID x: Int }',
    ),
    rejected(
        "the key lets nobody in",
        CODE,
        at=["T.x"],
        says=['no @key of "T" is resolvable there', "remove `resolvable: false`"],
        places=["b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID }',
        b='type T @key(fields: "id", resolvable: false) { id: ID x: Int }\ntype Query { b: T }',
    ),
    rejected(
        "the key cannot be had",
        CODE,
        at=["T.x"],
        says=['using @key(fields: "id") of "T": "T.id" cannot be resolved from subgraph "a"'],
        a='type Query { t: T }\ntype T @key(fields: "k") { k: ID }',
        b='type T @key(fields: "id") { id: ID x: Int }\ntype Query { b: T }',
    ),
    composed(
        "a third subgraph gives the key",
        a='type Query { t: T }\ntype T @key(fields: "k") { k: ID }',
        b='type T @key(fields: "id") { id: ID x: Int }',
        c='type T @key(fields: "id") @key(fields: "k") { id: ID k: ID }',
    ),
    rejected(
        "the third subgraph cannot be entered by what one has",
        CODE,
        at=["T.x"],
        a='type Query { t: T }\ntype T @key(fields: "k") { k: ID }',
        b='type T @key(fields: "id") { id: ID x: Int }',
        c='type T @key(fields: "id") @key(fields: "k", resolvable: false) { id: ID k: ID }',
    ),
    composed(
        "a composite key whose parts come from two subgraphs",
        a='type Query { t: T }\ntype T @key(fields: "k") { k: ID m: Int @shareable }',
        b='type T @key(fields: "k") { k: ID n: Int @shareable }',
        c='type T @key(fields: "m n") { m: Int n: Int x: Int }',
    ),
    rejected(
        "a composite key of which one part is out of reach",
        CODE,
        at=["T.x"],
        says=['using @key(fields: "m n") of "T": "T.n" cannot be resolved from subgraph "a"'],
        a='type Query { t: T }\ntype T @key(fields: "k") { k: ID m: Int @shareable }',
        b='type T @key(fields: "k", resolvable: false) { k: ID n: Int @shareable }',
        c='type T @key(fields: "m n") { m: Int n: Int x: Int }',
    ),
    composed(
        "a nested key",
        a='type Query { t: T }\ntype T @key(fields: "v { k }") { v: V }\ntype V { k: ID @shareable }',
        b='type T @key(fields: "v { k }") { v: V x: Int }\ntype V { k: ID @shareable }',
    ),
    rejected(
        "a nested key whose leaf is another field",
        CODE,
        at=["T.x"],
        says=['using @key(fields: "v { k }") of "T": "V.k" cannot be resolved from subgraph "a"'],
        a="type Query { t: T }\ntype T { v: V @shareable }\ntype V { m: ID @shareable }",
        b='type T @key(fields: "v { k }") { v: V x: Int }\ntype V { k: ID @shareable m: ID @shareable }',
    ),
    composed(
        "a value type through a root type",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        a="type Query { v: V @shareable }\ntype V { x: Int }",
        b="type Query { v: V @shareable }\ntype V { y: Int }",
    ),
    composed(
        "a value type of a shared field of an entity",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID v: V @shareable }\ntype V { x: Int }',
        b='type T @key(fields: "id") { id: ID v: V @shareable }\ntype V { y: Int }',
    ),
    rejected(
        "on one path, though not on another",
        CODE,
        at=["T.x"],
        says=["{ second { x } }"],
        a="type Query { first: T @shareable second: T }\ntype T { n: Int @shareable }",
        b="type Query { first: T @shareable }\ntype T { n: Int @shareable x: Int }",
    ),
    composed(
        "back at the root every subgraph can be asked",
        a="type Query { p: P }\ntype P { query: Query }",
        b="type Query { other: Int }",
    ),
    composed(
        "what is hidden need not be reached",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        a="type Query { t: T }\ntype T { n: Int @shareable }",
        b="type Query { b: Int }\ntype T { n: Int @shareable x: Int @inaccessible }",
    ),
    composed(
        "a hidden key leads there",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID @inaccessible n: Int }',
        b='type T @key(fields: "id") { id: ID @inaccessible x: Int }',
    ),
)

CONDITIONS = (
    composed(
        "what is required is had by a key",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID x: Int }',
        b='type T @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "what is required lies where nobody gets in",
        CODE,
        at=["T.y"],
        says=['@requires(fields: "x") of "T.y" cannot be satisfied: no way leads to "T.x"'],
        places=["b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id", resolvable: false) { id: ID x: Int }',
        b='type T @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }',
    ),
    composed(
        "what is required requires something itself",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID w: Int }',
        b='type T @key(fields: "id") { id: ID w: Int @external x: Int @requires(fields: "w") }',
        c='type T @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "nothing to hand the object back by",
        CODE,
        at=["T.y"],
        says=['no @key of "T" leads back with it'],
        a='type Query { t: T }\ntype T { id: ID @shareable x: Int @external y: Int @requires(fields: "x") }',
        b='type T @key(fields: "id") { id: ID x: Int }',
    ),
    composed(
        "a required field of another object",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID o: O }\ntype O @key(fields: "k") { k: ID }',
        b='type O @key(fields: "k") { k: ID w: Int }',
        c='type T @key(fields: "id") { id: ID o: O @external y: Int @requires(fields: "o { w }") }\n'
        'type O @key(fields: "k") { k: ID w: Int @external }',
    ),
    rejected(
        "provided on one path only",
        CODE,
        at=["T.x"],
        says=["{ q { x } }", 'field "T.x" is @external there'],
        a='type Query { p: T @provides(fields: "x") q: T }\ntype T { x: Int @external y: Int @shareable }',
        b="type Query { b: T }\ntype T { x: Int @shareable y: Int @shareable }",
    ),
    composed(
        "provided where it is asked for",
        a='type Query { p: T @provides(fields: "x") }\ntype T { x: Int @external y: Int @shareable }',
        b="type Query { b: T }\ntype T { x: Int @shareable y: Int @shareable }",
    ),
    rejected(
        "taken over by a subgraph that nobody enters",
        CODE,
        at=["T.x"],
        says=['field "T.x" was overridden by subgraph "b"'],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID x: Int }',
        b='type Query { b: T }\ntype T @key(fields: "id", resolvable: false) { id: ID x: Int @override(from: "a") }',
    ),
    rejected(
        "taken over under a label by a subgraph that nobody enters",
        CODE,
        at=["T.x"],
        says=['resolved there for the other value of the label "soon" only'],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID x: Int }',
        b='type Query { b: T }\ntype T @key(fields: "id", resolvable: false)'
        ' { id: ID x: Int @override(from: "a", label: "soon") }',
    ),
    composed(
        "taken over under a label, with keys both ways",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID x: Int }',
        b='type Query { b: T }\ntype T @key(fields: "id") { id: ID x: Int @override(from: "a", label: "soon") }',
    ),
    rejected(
        "required, and under a label",
        CODE,
        at=["T.y"],
        says=['the label "soon", and what is required cannot depend on a label'],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID x: Int }',
        b='type T @key(fields: "id") { id: ID x: Int @override(from: "a", label: "soon") }',
        c='type T @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }',
    ),
)

ABSTRACT = (
    rejected(
        "a member's field behind an interface",
        CODE,
        at=["A.x"],
        says=["{ i { ... on A { x } } }"],
        a="type Query { i: I }\ninterface I { n: Int }\ntype A implements I { n: Int @shareable }",
        b="type Query { a: A }\ntype A { n: Int @shareable x: Int }",
    ),
    rejected(
        "a member that the narrower type of a subgraph leaves out",
        CODE,
        at=["B"],
        says=['from subgraph "b": cannot find type "B" behind "A"', "{ t2 { i { ... on B { … } } } }"],
        a="type Query { t1: T }\ntype T { i: I @shareable }\ninterface I { n: Int }\n"
        "type A implements I { n: Int @shareable }\ntype B implements I { n: Int }",
        b="type Query { t2: T }\ntype T { i: A @shareable }\ntype A { n: Int @shareable }",
    ),
    composed(
        "the same behind a union, where nothing else can come",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a="type Query { t1: T }\ntype T { i: U @shareable }\nunion U = A | B\n"
        "type A { n: Int @shareable }\ntype B { n: Int }",
        b="type Query { t2: T }\ntype T { i: A @shareable }\ntype A { n: Int @shareable }",
    ),
    composed(
        "a union member unknown to the subgraph that answers",
        "INCONSISTENT_UNION_MEMBER",
        a="type Query { u: U }\nunion U = A\ntype A { n: Int }",
        b="type Query { b: U }\nunion U = B\ntype B { m: Int }",
    ),
    rejected(
        "an interface object that nobody can name",
        CODE,
        at=["A"],
        says=['"I" is an @interfaceObject, whose objects cannot be told apart', 'no @key of "I" is resolvable there'],
        a='type Query { is: [I] }\ntype I @interfaceObject @key(fields: "id") { id: ID! x: Int }',
        b='type Query { b: Int }\ninterface I @key(fields: "id", resolvable: false) { id: ID! }\n'
        'type A implements I @key(fields: "id") { id: ID! a: Int }',
    ),
    composed(
        "an interface object that the interface names",
        a='type Query { is: [I] }\ntype I @interfaceObject @key(fields: "id") { id: ID! x: Int }',
        b='type Query { b: [A] }\ninterface I @key(fields: "id") { id: ID! }\n'
        'type A implements I @key(fields: "id") { id: ID! a: Int }',
        c='type A @key(fields: "id") { id: ID! c: Int }',
    ),
    rejected(
        "a field of an interface object without a key that lets in",
        CODE,
        at=["A.x"],
        says=['cannot move to subgraph "a", which has "I.x": no @key of "I" is resolvable there'],
        a='type Query { a: Int }\ntype I @interfaceObject @key(fields: "id", resolvable: false) { id: ID! x: Int }',
        b='type Query { b: [A] }\ninterface I @key(fields: "id") { id: ID! }\n'
        'type A implements I @key(fields: "id") { id: ID! a: Int }',
    ),
)

ROOTS = (
    rejected(
        "a shared mutation whose payload is spread",
        CODE,
        at=["Mutation.m", "R.x", "R.y"],
        says=['called in subgraph "a":', "mutation { m { y } }", "A mutation is called once"],
        places=["a:3", "b:2"],
        a="type Query { a: Int }\ntype Mutation { m: R @shareable }\ntype R { n: Int @shareable x: Int }",
        b="type Mutation { m: R @shareable }\ntype R { n: Int @shareable y: Int }",
    ),
    composed(
        "a shared mutation whose payload has a key",
        a='type Query { a: Int }\ntype Mutation { m: R @shareable }\ntype R @key(fields: "id") { id: ID x: Int }',
        b='type Mutation { m: R @shareable }\ntype R @key(fields: "id") { id: ID y: Int }',
    ),
    composed(
        "a shared mutation of which one call leads to everything",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        a="type Query { a: Int }\ntype Mutation { m: R @shareable }\ntype R { n: Int @shareable x: Int }",
        b="type Mutation { m: R @shareable }\ntype R { n: Int @shareable }",
    ),
    rejected(
        "behind a subscription",
        CODE,
        at=["E.x"],
        says=["subscription { e { x } }"],
        a="type Query { a: Int }\ntype Subscription { e: E }\ntype E { n: Int @shareable }",
        b="type Query { b: E }\ntype E { n: Int @shareable x: Int }",
    ),
)

HOLDER = 'type T @key(fields: "id") @context(name: "c") { id: ID! p: String u: U }\n'
TAKER = 'type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { p }")): Int }'

CONTEXTS = (
    composed("a context set above", a=f"type Query {{ t: T }}\n{HOLDER}{TAKER}"),
    rejected(
        "a context that one path does not set",
        CODE,
        at=["U.f"],
        says=["{ u { f } }", '"U.f" takes an argument from the context "c"'],
        places=["a:4"],
        a=f"type Query {{ t: T u: U }}\n{HOLDER}{TAKER}",
    ),
    composed(
        "what a context holds comes from another subgraph",
        a=f"type Query {{ t: T }}\n{HOLDER.replace('p: String', 'p: String @external')}{TAKER}",
        b='type T @key(fields: "id") { id: ID! p: String }',
    ),
    rejected(
        "what a context holds lies where nobody gets in",
        CODE,
        at=["T.p", "U.f"],
        a=f"type Query {{ t: T }}\n{HOLDER.replace('p: String', 'p: String @external')}{TAKER}",
        b='type Query { b: T }\ntype T @key(fields: "id", resolvable: false) { id: ID! p: String }',
    ),
    composed(
        "a context set in the subgraph that one comes from",
        a='type Query { t: T }\ntype T @key(fields: "id") @context(name: "c") { id: ID! p: String }\n' + TAKER,
        b='type T @key(fields: "id") { id: ID! u: U }\ntype U @key(fields: "id") { id: ID! }',
    ),
)

CASES = (*KEYS, *CONDITIONS, *ABSTRACT, *ROOTS, *CONTEXTS)


@each(CASES)
def test_satisfiability_error(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check(CODE, case)


def test_conditions_that_need_each_other() -> None:
    """Two fields that require each other are both out of reach; the reference does not come to an end."""
    outcome = compose(
        [
            subgraph("a", 'type Query { t: T }\ntype T @key(fields: "id") { id: ID }'),
            subgraph("b", 'type T @key(fields: "id") { id: ID y: Int @external x: Int @requires(fields: "y") }'),
            subgraph("c", 'type T @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }'),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert {error.coordinates for error in outcome.errors} == {("T.x",), ("T.y",)}


@pytest.mark.parametrize("order", ['p: T @provides(fields: "x") q: T', 'q: T p: T @provides(fields: "x")'])
def test_what_is_provided_elsewhere_counts_on_no_path(order: str) -> None:
    """The order of the fields is of no account; the reference takes a type for checked wherever it is provided first."""
    outcome = compose(
        [
            subgraph("a", f"type Query {{ {order} }}\ntype T {{ x: Int @external y: Int @shareable }}"),
            subgraph("b", "type Query { b: T }\ntype T { x: Int @shareable y: Int @shareable }"),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert "{ q { x } }" in outcome.errors[0].message


def test_a_subgraph_that_lets_nobody_in_cannot_be_handed_inputs() -> None:
    """A field with @requires is asked for in an entity fetch; the reference plans one that the subgraph does not answer."""
    outcome = compose(
        [
            subgraph(
                "a",
                "type Query { t: T }\n"
                'type T @key(fields: "id", resolvable: false) { id: ID x: Int @external y: Int @requires(fields: "x") }',
            ),
            subgraph("b", 'type T @key(fields: "id") { id: ID x: Int }'),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert [error.coordinates for error in outcome.errors] == [("T.y",)]
    assert 'give "T" a resolvable @key in subgraph "a"' in outcome.errors[0].message


def test_of_very_many_dead_ends_the_rest_is_counted() -> None:
    """One missing key makes many fields unreachable: the first are explained, the others named together."""
    fields = " ".join(f"f{number}: Int" for number in range(UNSATISFIABLE_FIELDS_SHOWN_MAX + 30))
    outcome = compose(
        [
            subgraph("a", "type Query { t: T }\ntype T { n: Int @shareable }"),
            subgraph("b", f"type Query {{ b: T }}\ntype T {{ n: Int @shareable {fields} }}"),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert len(outcome.errors) == UNSATISFIABLE_FIELDS_SHOWN_MAX + 1
    assert "30 more elements cannot be reached" in outcome.errors[-1].message
    assert len(outcome.errors[-1].coordinates) == 30


def test_each_dead_end_is_told_once_by_its_shortest_operation() -> None:
    """However many paths lead to a type, a field of it is one problem, shown where it is met first."""
    outcome = compose(
        [
            subgraph("a", "type Query { far: P near: T }\ntype P { t: T }\ntype T { n: Int @shareable again: T }"),
            subgraph("b", "type Query { b: T }\ntype T { n: Int @shareable x: Int }"),
        ]
    )

    assert isinstance(outcome, Rejected)
    wanted = {error.coordinates: error.message.splitlines()[1].strip() for error in outcome.errors}
    assert wanted == {("T.again",): "{ b { again { … } } }", ("T.x",): "{ near { x } }"}
