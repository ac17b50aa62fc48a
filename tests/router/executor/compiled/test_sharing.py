"""Objects that one answer brings for several places stay apart wherever they have to, and requests are told apart by value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from router.executor.compiled import compiled
from router.executor.prepared import Prepared
from router.plan import Anchor, Entities, Fetch, QueryPlan, RepresentationField
from router.supergraph import load_supergraph
from router.supergraph.model import Supergraph
from router.transport.base import SubgraphAnswer
from tests.router.executor.compiled.lockstep import Outcome, side_by_side
from tests.router.executor.harness import entity, entity_fetch, output_of, path_of, root_fetch
from tests.router.planning import JOIN

TYPES = """
scalar Any
type Query { a: User b: User all: [Node] }
interface Node { id: ID! }
type User implements Node { id: ID! item: Item box: Box score: Float any: Any }
type Shop implements Node { id: ID! item: Item }
type Item { id: ID! name: String }
type Box { h: Int w: Int item: Item }
"""


def run(client: str, fetches: Sequence[Fetch], answers: Mapping[str, Sequence[str]]) -> Outcome:
    """Run a plan by both engines; each subgraph gives its answers in turn, and both must form the same requests."""
    supergraph: Supergraph = load_supergraph(JOIN.replace("GRAPHS", 'S @join__graph(name: "S", url: "")') + TYPES)
    made = QueryPlan("query", tuple(fetches), output_of(supergraph.api, client))
    scripts = {name: iter(given) for name, given in answers.items()}
    outcome = side_by_side(
        Prepared(made, supergraph),
        compiled(made, supergraph),
        {},
        lambda subgraph, _: SubgraphAnswer(200, next(scripts[subgraph]).encode()),
        Random(0),
    )
    assert outcome.deopt is None
    return outcome


def entities(*values: Any) -> str:
    """The body of an entity fetch's answer."""
    return json.dumps({"data": {"_entities": values}})


def at_both(selection: str, number: int) -> Fetch:
    """A fetch of users that stand at `a` and at `b`, asked for together."""
    single = entity_fetch("users", selection, number=number, path="a", on="User")
    anchors = tuple(Anchor(path_of(path), (entity("User", "id"),)) for path in ("a", "b"))
    return Fetch(number, "users", "query", single.operation, None, (), entities=(Entities(anchors),), after=(0,))


ROOT = root_fetch("root", "{ a { id } b { id } }")
SAME_USER = '{"data":{"a":{"id":"u"},"b":{"id":"u"}}}'


def test_one_entity_at_two_places_is_completed_at_each_by_another_fetch() -> None:
    """What a fetch brings below one occurrence does not show below the other, though one answer brought the objects for both."""
    outcome = run(
        "{ a { item { name } } b { item { name } } }",
        [
            ROOT,
            at_both("... on User { item { id } }", 1),
            entity_fetch("english", "... on Item { name }", number=2, path="a.item", on="Item", after=(1,)),
            entity_fetch("french", "... on Item { name }", number=3, path="b.item", on="Item", after=(1,)),
        ],
        {
            "root": [SAME_USER],
            "users": [entities({"item": {"id": "i"}})],
            "english": [entities({"name": "key"})],
            "french": [entities({"name": "clef"})],
        },
    )
    assert outcome.result.data == {"a": {"item": {"name": "key"}}, "b": {"item": {"name": "clef"}}}


def test_one_entity_at_two_places_is_completed_at_one_alone() -> None:
    """A field that is fetched for one of two places stays null at the other."""
    outcome = run(
        "{ a { item { name } } b { item { name } } }",
        [
            ROOT,
            at_both("... on User { item { id } }", 1),
            entity_fetch("english", "... on Item { name }", number=2, path="a.item", on="Item", after=(1,)),
        ],
        {
            "root": [SAME_USER],
            "users": [entities({"item": {"id": "i"}})],
            "english": [entities({"name": "key"})],
        },
    )
    assert outcome.result.data == {"a": {"item": {"name": "key"}}, "b": {"item": {"name": None}}}


def test_a_value_that_two_fetches_bring_together_is_put_together_for_each_occurrence() -> None:
    """The halves of an object come by different keys: of two occurrences that share one half, each has its own other half."""
    scores = RepresentationField("score", "score")
    requires = entity("User", "id", inputs=(scores,))
    outcome = run(
        "{ all { ... on User { box { h w } } } }",
        [
            root_fetch("root", "{ all { __typename ... on User { id score } } }"),
            entity_fetch("heights", "... on User { box { h } }", number=1, path="all.@", on="User"),
            entity_fetch("widths", "... on User { box { w } }", number=2, path="all.@", on=[requires]),
        ],
        {
            "root": [
                '{"data":{"all":[{"__typename":"User","id":"u","score":1},{"__typename":"User","id":"u","score":1.0}]}}'
            ],
            "heights": [entities({"box": {"h": 1}})],
            "widths": [entities({"box": {"w": 2}}, {"box": {"w": 3}})],
        },
    )
    assert outcome.result.data == {"all": [{"box": {"h": 1, "w": 2}}, {"box": {"h": 1, "w": 3}}]}


def test_a_fetch_for_objects_below_one_type_leaves_equal_objects_below_another_alone() -> None:
    """Items that say the same are not made one where only some of them are asked about."""
    outcome = run(
        "{ all { ... on User { item { name } } ... on Shop { item { name } } } }",
        [
            root_fetch("root", "{ all { __typename ... on User { item { id } } ... on Shop { item { id } } } }"),
            entity_fetch("names", "... on Item { name }", number=1, path="all.@.item|User", on="Item"),
        ],
        {
            "root": [
                '{"data":{"all":[{"__typename":"User","item":{"id":"i"}},{"__typename":"Shop","item":{"id":"i"}},'
                '{"__typename":"User","item":{"id":"i"}}]}}'
            ],
            "names": [entities({"name": "key"})],
        },
    )
    named, unnamed = {"item": {"name": "key"}}, {"item": {"name": None}}
    assert outcome.result.data == {"all": [named, unnamed, named]}


def test_numbers_reach_client_and_subgraph_as_they_were_written() -> None:
    """Digits that a float has no room for, and zeros that it does not keep, stay; 1, 1.0 and true are three values."""
    given = RepresentationField("any", "any")
    values = ("1", "1.0", "true", "1.10", "12345678901234567890123", '{"deep":[0.10]}', "1")
    users = ",".join(f'{{"__typename":"User","id":"u","any":{value},"score":1.50}}' for value in values)
    outcome = run(
        "{ all { ... on User { any score item { id } } } }",
        [
            root_fetch("root", "{ all { __typename ... on User { id any score } } }"),
            entity_fetch(
                "items",
                "... on User { item { id } }",
                number=1,
                path="all.@",
                on=[entity("User", "id", inputs=(given,))],
            ),
        ],
        {
            "root": [f'{{"data":{{"all":[{users}]}}}}'],
            "items": [entities(*({"item": {"id": str(index)}} for index in range(6)))],
        },
    )
    shown = [f'{{"any":{value},"score":1.50,"item":{{"id":"{values.index(value)}"}}}}' for value in values]
    assert outcome.result.json.decode() == f'{{"all":[{",".join(shown)}]}}'
