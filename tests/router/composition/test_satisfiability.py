"""Satisfiability as a whole: the model it stands on, and its promise that what composes can be planned."""

from __future__ import annotations

from random import Random

import pytest

from router.composition import Composed, Rejected, SubgraphInput, compose, satisfiability
from router.composition.satisfiability.model import joined_of
from router.planner import plan
from router.supergraph import Joined, Supergraph, load_supergraph
from tests.router.composition.case import subgraph
from tests.router.composition.codes.test_satisfiability_error import CASES
from tests.router.composition.corpus import COMPOSING
from tests.router.planning import assert_same_answer, normalized
from tests.router.random_operations import Generator
from tests.router.world import World

FEDERATIONS = {
    **{case.name: case.subgraphs for case in COMPOSING},
    **{case.name: case.subgraphs for case in CASES if not case.errors},
}


@pytest.fixture
def model_of(monkeypatch: pytest.MonkeyPatch) -> list[Joined]:
    """The models that composing makes."""
    made: list[Joined] = []

    def remembering(*given: object) -> Joined:
        made.append(joined_of(*given))  # type: ignore[arg-type]  # what the check itself is given
        return made[-1]

    monkeypatch.setattr(satisfiability, "joined_of", remembering)
    return made


@pytest.mark.parametrize("name", sorted(FEDERATIONS))
def test_the_model_is_what_the_router_reads_from_the_printed_supergraph(name: str, model_of: list[Joined]) -> None:
    """Composition checks the very types, fields, keys and members that will be planned with."""
    outcome = compose(FEDERATIONS[name])

    assert isinstance(outcome, Composed)
    loaded = load_supergraph(outcome.sdl)
    (model,) = model_of
    for part in ("subgraphs", "types", "query", "mutation", "subscription"):
        assert getattr(model, part) == getattr(loaded, part)


@pytest.mark.parametrize("name", sorted(FEDERATIONS))
def test_whatever_composes_can_be_planned(name: str) -> None:
    """Random operations of every kind over what clients see of a supergraph have plans."""
    outcome = compose(FEDERATIONS[name])
    assert isinstance(outcome, Composed)
    supergraph = load_supergraph(outcome.sdl)
    if takes_contexts(supergraph):
        return  # the planner does not fill arguments from contexts, and says so
    for kind in kinds(supergraph):
        for seed in range(6):
            generator = Generator(supergraph.api, Random(seed))
            operation = normalized(supergraph, generator.operation(kind), generator.variables)
            assert plan(operation, supergraph).kind == kind


def kinds(supergraph: Supergraph) -> list[str]:
    """The kinds of operation that a supergraph answers."""
    roots = {"query": supergraph.query, "mutation": supergraph.mutation, "subscription": supergraph.subscription}
    return [kind for kind, root in roots.items() if root in supergraph.api.type_map]


def takes_contexts(supergraph: Supergraph) -> bool:
    """Whether some field has an argument from a context."""
    fields = (field for type_ in supergraph.types.values() for field in type_.fields.values())
    return any(one.context_arguments for field in fields for one in field.by_subgraph.values())


def test_findings_do_not_depend_on_the_order_of_subgraphs() -> None:
    """Subgraphs given in any order have the same dead ends, with the same words."""
    given = [
        subgraph("a", "type Query { t: T }\ntype T { n: Int @shareable v: V @shareable }\ntype V { p: Int }"),
        subgraph("b", "type Query { b: T }\ntype T { n: Int @shareable x: Int v: V @shareable }\ntype V { q: Int }"),
        subgraph("c", 'type Query { c: T }\ntype T @key(fields: "n", resolvable: false) { n: Int y: Int }'),
    ]

    outcomes = [compose(order) for order in (given, given[::-1], [given[1], given[2], given[0]])]

    assert isinstance(outcomes[0], Rejected)
    assert outcomes[0] == outcomes[1] == outcomes[2]


def deep(depth: int) -> list[SubgraphInput]:
    """A chain of fields in as many subgraphs, each of which requires the one before."""
    first = subgraph("s0", 'type Query { t: T }\ntype T @key(fields: "id") { id: ID f0: Int }')
    rest = [
        subgraph(
            f"s{n}",
            f'type T @key(fields: "id") {{ id: ID f{n - 1}: Int @external f{n}: Int @requires(fields: "f{n - 1}") }}',
        )
        for n in range(1, depth)
    ]
    return [first, *rest]


def test_conditions_may_stand_on_one_another() -> None:
    """A chain of required fields holds from end to end."""
    assert isinstance(compose(deep(20)), Composed)


def test_conditions_nested_past_the_bound_do_not_count() -> None:
    """Rather than running out of stack, the check gives a far too long chain up."""
    outcome = compose(deep(200))

    assert isinstance(outcome, Rejected)
    assert {error.code.name for error in outcome.errors} == {"SATISFIABILITY_ERROR"}


async def test_a_named_object_is_handed_back_with_what_a_field_requires() -> None:
    """Who names an interface object may need inputs from others for a field of it: then it is entered once more."""
    outcome = compose(
        [
            subgraph("a", 'type Query { a: Int }\ntype E @key(fields: "id") { id: ID x: Int }'),
            subgraph(
                "b",
                'interface I @key(fields: "id") { id: ID }\ntype E implements I @key(fields: "id")'
                ' { id: ID x: Int @external y: Int @requires(fields: "x") }',
            ),
            subgraph("c", 'type Query { i: I }\ntype I @interfaceObject @key(fields: "id") { id: ID z: Int }'),
        ]
    )

    assert isinstance(outcome, Composed)
    await assert_same_answer(World(load_supergraph(outcome.sdl)), "{ i { z ... on E { y } } }")
