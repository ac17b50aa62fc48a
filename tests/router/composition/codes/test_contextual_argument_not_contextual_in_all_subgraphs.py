"""CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS: what one subgraph takes from a context, no other demands of clients."""

from __future__ import annotations

from router.composition import Composed, compose
from router.supergraph import load_supergraph
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CODE = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
CONTEXTUAL = """type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int @shareable }"""

CASES = (
    rejected(
        "required elsewhere",
        CODE,
        at=["U.f(a:)"],
        says=['subgraph "a"', 'required in subgraph "b"'],
        places=["b:2", "a:4"],
        a=CONTEXTUAL,
        b='type U @key(fields: "id") { id: ID! f(a: String!): Int @shareable }',
    ),
    rejected(
        "required where the field is overridden",
        CODE,
        a=CONTEXTUAL.replace("@shareable", '@override(from: "b")'),
        b='type U @key(fields: "id") { id: ID! f(a: String!): Int }',
    ),
    rejected(
        "required in one of three, optional in another",
        CODE,
        says=['required in subgraph "c"'],
        a=CONTEXTUAL,
        b='type U @key(fields: "id") { id: ID! f(a: String): Int @shareable }',
        c='type U @key(fields: "id") { id: ID! f(a: Int!): Int @shareable }',
    ),
    composed(
        "optional elsewhere, of whatever type",
        CODE,
        at=["U.f(a:)"],
        says=['subgraph "b" will never be given it'],
        a=CONTEXTUAL,
        b='type U @key(fields: "id") { id: ID! f(a: Int): Int @shareable }',
    ),
    composed(
        "required elsewhere, with a default",
        CODE,
        a=CONTEXTUAL,
        b='type U @key(fields: "id") { id: ID! f(a: String! = "x"): Int @shareable }',
    ),
    composed(
        "absent elsewhere",
        a=CONTEXTUAL,
        b='type U @key(fields: "id") { id: ID! f: Int @shareable }',
    ),
    composed(
        "taken from a context everywhere, each subgraph from its own",
        a=CONTEXTUAL.replace("p: String", "p: String @shareable").replace("u: U", "u: U @shareable"),
        b="""type T @context(name: "mine") { u: U @shareable p: String @shareable }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$mine { p }")): Int @shareable }""",
    ),
)


@each(CASES)
def test_contextual_argument_not_contextual_in_all_subgraphs(case: Case) -> None:
    """Clients never give a contextual argument: whether another subgraph can do without it decides."""
    check(CODE, case)


def test_contextual_arguments_vanish_from_the_api() -> None:
    """The supergraph says what to take from where, and clients see the other arguments only."""
    outcome = compose(CASES[3].subgraphs)
    assert isinstance(outcome, Composed)
    supergraph = load_supergraph(outcome.sdl)
    api = supergraph.api.type_map["U"]
    assert not api.fields["f"].args  # type: ignore[attr-defined]  # U is an object type
    (argument,) = supergraph.types["U"].fields["f"].by_subgraph["a"].context_arguments
    assert (argument.name, argument.context, argument.selection.text) == ("a", "a__ctx", "p")
    assert supergraph.types["U"].fields["f"].by_subgraph["b"].context_arguments == ()
    assert supergraph.types["T"].contexts == {"a__ctx"}


def test_one_context_in_two_subgraphs() -> None:
    """A context is its subgraph's own, so both keep theirs; the reference loses one and breaks down."""
    shared = CONTEXTUAL.replace("u: U p: String", "u: U @shareable p: String @shareable").replace(
        "{ t: T }", "{ t: T @shareable }"
    )
    outcome = compose([subgraph("a", shared), subgraph("b", shared)])
    assert isinstance(outcome, Composed)
    supergraph = load_supergraph(outcome.sdl)
    assert supergraph.types["T"].contexts == {"a__ctx", "b__ctx"}
    taken = supergraph.types["U"].fields["f"].by_subgraph
    assert {name: field.context_arguments[0].context for name, field in taken.items()} == {"a": "a__ctx", "b": "b__ctx"}
