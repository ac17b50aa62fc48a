"""Types that lead to themselves: the time a plan takes grows with how deep an operation goes, not with the ways to go there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from router.composition import Composed, SubgraphInput, compose
from router.errors import TooLarge
from router.limits import SELECTIONS_MAX
from router.planner import Planning, plan
from router.supergraph import Supergraph, load_supergraph
from tests.router.planning import assert_same_answer, normalized, planned
from tests.router.world import World

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])'
    " type Query { node: Node @shareable } "
)
THREE = ("Folder", "Link", "Page")
SIX = (*THREE, "Note", "Photo", "Tag")
FIELDS = {"tree": "children: [Node!]", "people": "owner: Node", "order": "next: Node"}


def each_field_elsewhere(kinds: tuple[str, ...] = THREE) -> Supergraph:
    """Every field of every type is in a subgraph of its own."""
    return composed({name: _nodes(kinds, field) for name, field in FIELDS.items()})


def one_type_elsewhere() -> Supergraph:
    """The owner of a page is known by another subgraph than that of a folder or a link."""
    return composed(
        {
            "tree": _nodes(THREE, "children: [Node!]"),
            "people": _nodes(THREE[:2], "owner: Node"),
            "pages": _nodes(THREE[2:], "owner: Node"),
        }
    )


def one_type_later() -> Supergraph:
    """What follows a page is found by a code that has to be asked for first, each time anew."""
    order = "interface Node { next: Node }" + "".join(
        f' type {kind} implements Node @key(fields: "{key}") {{ {key}: ID! next: Node }}'
        for kind, key in zip(THREE, ("id", "id", "code"), strict=True)
    )
    codes = 'type Page @key(fields: "id") @key(fields: "code") { id: ID! code: ID! }'
    return composed({"people": _nodes(THREE, "owner: Node"), "order": order, "codes": codes})


def told_by_type() -> Supergraph:
    """One subgraph has it all, and cannot be asked for it but type by type."""
    types = "".join(f' type {kind} implements Node @key(fields: "id") {{ id: ID! next: Node }}' for kind in THREE)
    more = 'interface Node { id: ID! next: Node } type Tag implements Node @key(fields: "id") { id: ID! next: Node }'
    return composed({"nodes": "interface Node { id: ID! }" + types, "tags": more})


def _nodes(kinds: tuple[str, ...], field: str) -> str:
    types = (f' type {kind} implements Node @key(fields: "id") {{ id: ID! {field} }}' for kind in kinds)
    return f"interface Node {{ id: ID! {field} }}{''.join(types)}"


def composed(sdls: dict[str, str]) -> Supergraph:
    """The supergraph of subgraphs by name. The first has a root field."""
    first, *others = sdls
    link = LINK.partition(" type Query")[0] + " "
    texts = {first: LINK + sdls[first], **{name: link + sdls[name] for name in others}}
    outcome = compose([SubgraphInput(name, text, f"http://{name}.test") for name, text in texts.items()])
    assert isinstance(outcome, Composed), outcome
    return load_supergraph(outcome.sdl)


def nested(depth: int, *fields: str) -> str:
    """A query that goes down by these fields in turn."""
    selection = "{ __typename }"
    for level in range(depth):
        selection = f"{{ {fields[level % len(fields)]} {selection} }}"
    return f"{{ node {selection} }}"


def steps(supergraph: Supergraph, query: str) -> int:
    """How many steps it takes to plan a query."""
    planning = Planning(normalized(supergraph, query), supergraph)
    assert planning.plan.fetches
    return planning.built.walk.steps


DEEP = [
    pytest.param(each_field_elsewhere, ("children", "owner", "next"), id="each-field-elsewhere"),
    pytest.param(lambda: each_field_elsewhere(SIX), ("children", "owner", "next"), id="six-types"),
    pytest.param(one_type_elsewhere, ("children", "owner"), id="one-type-elsewhere"),
]


@pytest.mark.parametrize(("federation", "fields"), DEEP)
def test_twice_as_deep_takes_twice_as_long(federation: Callable[[], Supergraph], fields: tuple[str, ...]) -> None:
    """From 6 levels to 12 to 24 the steps of planning double, whatever the number of types on each."""
    supergraph = federation()
    few, more, most = (steps(supergraph, nested(depth, *fields)) for depth in (6, 12, 24))
    assert more <= 2.5 * few
    assert most <= 2.5 * more
    assert most < 5_000


def test_types_that_come_later_each_time_take_time_by_the_square() -> None:
    """Where a type falls one round trip further behind on every level, there is a fetch for each level and delay, not each path."""
    supergraph = one_type_later()
    few, more = (steps(supergraph, nested(depth, "owner", "next")) for depth in (8, 16))
    assert more <= 5 * few
    assert more < 10_000


@pytest.mark.parametrize(("federation", "fields"), DEEP)
async def test_deep_queries_are_answered_as_by_one_schema(
    federation: Callable[[], Supergraph], fields: tuple[str, ...]
) -> None:
    """What is planned for several types at once brings each what it needs."""
    supergraph = federation()
    for seed in range(6):
        await assert_same_answer(World(supergraph, seed, nulls=seed % 2 == 0), nested(5, *fields))


async def test_types_that_come_later_are_answered_as_by_one_schema() -> None:
    """Objects at one place that are fetched in different waves are all gone on from."""
    supergraph = one_type_later()
    for seed in range(6):
        await assert_same_answer(World(supergraph, seed, nulls=seed % 2 == 0), nested(2, "next", "owner"))


def test_types_alike_are_asked_for_once() -> None:
    """However deep, a level costs one request, to which all types on it are handed."""
    fetches = planned(each_field_elsewhere(), nested(9, "children", "owner", "next")).fetches
    assert len(fetches) <= 10
    assert max(len(fetch.operation) for fetch in fetches[4:]) <= max(len(fetch.operation) for fetch in fetches[:4])


def test_a_text_that_would_grow_with_every_path_is_refused() -> None:
    """A subgraph that has to be asked type by type on every level cannot be asked in bounded space: the bound is named."""
    supergraph = told_by_type()
    assert len(planned(supergraph, nested(5, "next")).fetches) == 1
    with pytest.raises(TooLarge, match=f"more than {SELECTIONS_MAX} selections"):
        plan(normalized(supergraph, nested(12, "next")), supergraph)


def test_following_what_was_found_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps count alike where they look for a way and where they go it: the client is told which bound was reached."""
    supergraph = told_by_type()
    monkeypatch.setattr("router.planner.walk.PLANNING_STEPS_MAX", 500)
    with pytest.raises(TooLarge, match="more than 500 steps to plan"):
        plan(normalized(supergraph, nested(7, "next")), supergraph)


def union_of(kinds: tuple[str, ...]) -> Supergraph:
    """Nothing is common to the types but that they lead to each other."""
    return composed({name: _members(kinds, field) for name, field in FIELDS.items()})


def _members(kinds: tuple[str, ...], field: str) -> str:
    types = (f' type {kind} @key(fields: "id") {{ id: ID! {field} }}' for kind in kinds)
    return f"union Node = {' | '.join(kinds)}{''.join(types)}"


def spread(kinds: tuple[str, ...], depth: int) -> str:
    """A query that spreads one fragment below every type, level by level."""
    fields = ("children", "owner", "next")
    fragments = "fragment F0 on Node { __typename }"
    for level in range(depth):
        below = " ".join(f"... on {kind} {{ id {fields[level % 3]} {{ ...F{level} }} }}" for kind in kinds)
        fragments += f" fragment F{level + 1} on Node {{ {below} }}"
    return f"{{ node {{ ...F{depth} }} }} {fragments}"


async def test_one_fragment_below_many_types_is_planned_once() -> None:
    """An operation that is long once its fragments are spread is planned as the short one that was written."""
    supergraph = union_of(SIX)
    few, more = (steps(supergraph, spread(SIX, depth)) for depth in (2, 4))
    assert more <= 2.5 * few
    for seed in range(3):
        await assert_same_answer(World(supergraph, seed), spread(SIX, 3))
