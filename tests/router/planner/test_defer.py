"""Deferred fragments: what comes first, what is fetched for each part by itself, and what cannot be fetched apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pytest
from graphql import parse, validate

from router.composition import Composed, SubgraphInput, compose
from router.operation import normalize
from router.plan import QueryPlan
from router.plan.paths import path_items
from router.plan.show import show
from router.plan.size import size_of
from router.plan.wire import to_json
from router.planner import plan
from router.supergraph import Supergraph, load_supergraph
from tests.router.plan_invariants import assert_plan_invariants
from tests.router.planning import line

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@shareable"])
"""
A = """
type Query { me: User users: [User!] thing: Thing any: Any stamp: Stamp }
type Mutation { rename: User }
union Any = User | Stamp
interface Thing { name: String }
type User implements Thing @key(fields: "id") { id: ID! name: String age: Int stamp: Stamp }
type Stamp { x: Int y: Int }
type Bare implements Thing { name: String n: Int }
"""
B = """
type User @key(fields: "id") { id: ID! friend: User note: String age: Int @external rank: Int @requires(fields: "age") }
"""


@lru_cache(maxsize=1)
def supergraph() -> Supergraph:
    composed = compose([SubgraphInput("A", LINK + A, "http://a.test"), SubgraphInput("B", LINK + B, "http://b.test")])
    assert isinstance(composed, Composed)
    return load_supergraph(composed.sdl)


def planned(query: str, variables: Mapping[str, Any] | None = None) -> QueryPlan:
    document = parse(query)
    assert not validate(supergraph().api, document)
    operation = normalize(document, None, supergraph(), variables or {}, incremental=True)
    made = plan(operation, supergraph())
    assert_plan_invariants(made, supergraph(), operation)
    return made


def told(query: str, variables: Mapping[str, Any] | None = None) -> list[str]:
    """The fetches a line each, then the parts: where, with which fetches, within which part, and what is shown."""
    made = planned(query, variables)
    parts = []
    for part in made.deferred:
        within = f" in {part.within}" if part.within is not None else ""
        label = f" {part.label}" if part.label is not None else ""
        shown = " ".join(
            f"{type_}({' '.join(field.key for field in fields)})"
            for type_, fields in part.output.by_type.items()
            if fields
        )
        parts.append(f"@{'.'.join(path_items(part.path))}{label} {list(part.fetches)}{within}: {shown}")
    return [line(fetch) for fetch in made.fetches] + parts


CASES = {
    "its own subgraph is entered again": (
        '{ me { name ... @defer(label: "later") { age } } }',
        ["0 A {me{__typename name id}}", "1<0 A at me User(id) {...on User{age}}", "@me later [1]: User(age)"],
    ),
    "lists": (
        "{ users { name ... @defer { note age } } }",
        [
            "0 A {users{__typename name id}}",
            "1<0 A at users.@ User(id) {...on User{age}}",
            "2<0 B at users.@ User(id) {...on User{note}}",
            "@users.@ [1, 2]: User(note age)",
        ],
    ),
    "fields inside and outside come first": (
        "{ me { age ... @defer { age note } ... @defer { age } } }",
        ["0 A {me{__typename age id}}", "1<0 B at me User(id) {...on User{note}}", "@me [1]: User(note)"],
    ),
    "a part has its own inputs fetched": (
        "{ me { name ... @defer { rank } } }",
        [
            "0 A {me{__typename name id}}",
            "1<0 A at me User(id) {...on User{age}}",
            "2<1 B at me User(id age) {...on User{rank}}",
            "@me [1, 2]: User(rank)",
        ],
    ),
    "parts in parts wait for nothing but those around them": (
        "{ me { name ... @defer { friend { id ... @defer { name } } } } }",
        [
            "0 A {me{__typename name id}}",
            "1<0 B at me User(id) {...on User{friend{__typename id}}}",
            "2<1 A at me.friend User(id) {...on User{name}}",
            "@me [1]: User(friend)",
            "@me.friend [2] in 0: User(name)",
        ],
    ),
    "a value type cannot be entered": (
        "{ me { stamp { x ... @defer { y } } } }",
        ["0 A {me{stamp{x y}}}", "@me.stamp []: Stamp(y)"],
    ),
    "a value type in a part": (
        "{ me { name ... @defer { stamp { x ... @defer { y } } } } }",
        [
            "0 A {me{__typename name id}}",
            "1<0 A at me User(id) {...on User{stamp{x y}}}",
            "@me [1]: User(stamp)",
            "@me.stamp [] in 0: Stamp(y)",
        ],
    ),
    "the root": (
        "{ me { name } ... @defer { stamp { x } } }",
        ["0 A {me{name}}", "1 A {stamp{x}}", "@ [1]: Query(stamp)"],
    ),
    "an interface": (
        "{ thing { ... on User @defer { note } } }",
        [
            "0 A {thing{__typename ...on User{id}}}",
            "1<0 B at thing User(id) {...on User{note}}",
            "@thing [1]: User(note)",
        ],
    ),
    "a union with a member that cannot be entered": (
        "{ any { ... on User @defer { age } ... on Stamp @defer { x } } }",
        [
            "0 A {any{__typename ...on Stamp{x} ...on User{id}}}",
            "1<0 A at any User(id) {...on User{age}}",
            "@any [1]: User(age)",
            "@any []: Stamp(x)",
        ],
    ),
    "if: false": ("{ me { name ... @defer(if: false) { age } } }", ["0 A {me{name age}}"]),
}


@pytest.mark.parametrize("name", CASES)
def test_plans(name: str) -> None:
    """The fetches of each part, and what it shows."""
    query, expected = CASES[name]
    assert told(query) == expected


@pytest.mark.parametrize("later", [True, False])
def test_a_condition_is_decided_before_planning(later: bool) -> None:
    """One document has a plan for each value."""
    made = planned("query ($later: Boolean!) { me { name ... @defer(if: $later) { age } } }", {"later": later})
    assert (len(made.fetches), len(made.deferred)) == ((2, 1) if later else (1, 0))


def test_behind_a_mutation() -> None:
    """Its root is never deferred; what it leads to may be."""
    operation = normalize(
        parse("mutation { ... @defer { rename { name ... @defer { note } } } }"),
        None,
        supergraph(),
        {},
        incremental=True,
    )
    made = plan(operation, supergraph())
    assert [line(fetch) for fetch in made.fetches] == [
        "0 A mutation{rename{__typename name id}}",
        "1<0 B at rename User(id) {...on User{note}}",
    ]
    assert [part.fetches for part in made.deferred] == [(1,)]


def test_the_primary_fetches_are_those_without_the_deferred_fragments_but_for_keys() -> None:
    """What only deferred fields need is not asked for first, nor is anybody else asked."""
    for query in (query for query, _ in CASES.values() if "stamp { x ..." not in query and "Stamp" not in query):
        operation = normalize(parse(query), None, supergraph(), {}, incremental=True)
        made = plan(operation, supergraph())
        later = {number for part in made.deferred for number in part.fetches}
        first = [fetch for fetch in made.fetches if fetch.id not in later]
        assert len(first) == 1, query
        assert not any(field in first[0].operation for field in ("note", "rank", "friend")), query


SHOWN = """\
QueryPlan {
  Defer {
    Primary {
      {
        me {
          name
        }
      }:
      Fetch(service: "A", id: 0) {
        me {
          __typename
          name
          id
        }
      }
    }, [
      Deferred(depends: [0], path: "me", label: "later") {
        {
          note
        }:
        Flatten(path: "me") {
          Fetch(service: "B") {
            {
              ... on User {
                __typename
                id
              }
            } =>
            {
              ... on User {
                note
              }
            }
          },
        }
      },
    ]
  },
}
"""


def test_parts_are_shown_as_apollo_shows_them() -> None:
    """In text, and as JSON."""
    made = planned('{ me { name ... @defer(label: "later") { note } } }')
    assert show(made) == SHOWN
    node = to_json(made)["node"]
    assert (node["kind"], node["primary"]["subselection"]) == ("Defer", "{ me { name } }")
    (part,) = node["deferred"]
    assert {key: value for key, value in part.items() if key != "node"} == {
        "depends": [{"id": "0"}],
        "label": "later",
        "queryPath": ["me"],
        "subselection": "{ note }",
    }
    assert part["node"]["kind"] == "Flatten"


def test_parts_within_parts_are_shown_nested() -> None:
    """The part around is the primary one of a Defer of its own."""
    made = planned("{ me { name ... @defer { friend { id ... @defer { name } } } } }")
    around = to_json(made)["node"]["deferred"][0]["node"]
    assert (around["kind"], around["primary"]["subselection"]) == ("Defer", "{ friend { id } }")
    assert around["deferred"][0]["depends"] == [{"id": "1"}]
    assert "subselection" not in to_json(made)["node"]["deferred"][0]


def test_parts_count_for_the_size_of_a_plan() -> None:
    """A cache has to know what they take."""
    made = planned("{ me { name ... @defer { note } } }")
    bare = QueryPlan(made.kind, made.fetches, made.output)
    assert size_of(made) > size_of(bare)
