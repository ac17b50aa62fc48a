"""Hints in the schema: @cacheControl that subgraphs compose, with the meaning that Apollo Server gives it."""

from __future__ import annotations

import pytest

from router.caching.hints import Hinted
from router.caching.questions import Entities, RootAsked, question_of
from router.caching.schema import CachingSchema
from router.supergraph import load_supergraph
from tests.router.caching.world import World, routing, supergraph_sdl

HEAD = """
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@composeDirective", "@shareable", "@cacheTag"])
  @link(url: "https://specs.example.com/cacheControl/v1.0", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
enum CacheControlScope { PUBLIC PRIVATE }
directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
  on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
"""
USERS = """
type Query {
  user(id: ID!): User @cacheControl(maxAge: 60)
  hidden: User @cacheControl(maxAge: 60, scope: PRIVATE)
  open: User @cacheControl(maxAge: 60, scope: PUBLIC)
  typed: Typed
  plain: String
  hinted: String @cacheControl(maxAge: 90)
  inheriting: Plain @cacheControl(inheritMaxAge: true)
  thing: Thing @cacheControl(maxAge: 50)
}
type Typed @cacheControl(maxAge: 40) { a: String b: String @cacheControl(maxAge: 10) plain: Plain }
type Plain { a: String typed: Typed }
interface Thing { a: String }
type Small implements Thing { a: String @cacheControl(maxAge: 5) }
type Large implements Thing { a: String }
type User @key(fields: "id") @cacheControl(maxAge: 30) {
  id: ID!
  name: String
  secret: String @cacheControl(scope: PRIVATE)
  version: Int @cacheControl(maxAge: 20)
  best: User
  plain: Plain
  near: Plain @cacheControl(inheritMaxAge: true)
}
"""
POSTS = """
type Query { posts: [Post!]! }
type Post @key(fields: "id") { id: ID! title: String author: User }
type User @key(fields: "id") { id: ID! }
"""
SCHEMA = CachingSchema(load_supergraph(supergraph_sdl(USERS, POSTS, HEAD)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ user(id: 1) { name } }", Hinted(60)),
        ("{ user(id: 1) { name version } }", Hinted(20)),
        ("{ user(id: 1) { best { name } } }", Hinted(30)),
        ("{ user(id: 1) { plain { a } } }", Hinted(0)),
        ("{ user(id: 1) { near { a } } }", Hinted(60)),
        ("{ user(id: 1) { secret } }", Hinted(60, is_private=True)),
        ("{ hidden { name } }", Hinted(60, is_private=True)),
        ("{ open { name } }", Hinted(60, is_public=True)),
        ("{ open { version } }", Hinted(20)),
        ("{ typed { a } }", Hinted(40)),
        ("{ typed { b } }", Hinted(10)),
        ("{ typed { ...F } } fragment F on Typed { ... { b } }", Hinted(10)),
        ("{ typed { a } plain }", Hinted(0)),
        ("{ plain }", Hinted()),
        ("{ hinted }", Hinted(90)),
        ("{ hinted typed { a __typename } }", Hinted(40)),
        ("{ inheriting { typed { a } } }", Hinted(0)),
        ("{ thing { a } }", Hinted(50)),
        ("{ thing { ... on Small { a } ... on Large { a } } }", Hinted(5)),
    ],
)
def test_the_shortest_of_what_is_selected(query: str, expected: Hinted) -> None:
    """Root fields and objects without a hint count 0; leaves hold as long as what they stand on."""
    asked = question_of(query, "users", SCHEMA)
    assert isinstance(asked, RootAsked)
    assert asked.hinted == expected


@pytest.mark.parametrize(
    ("selected", "expected"),
    [("name", Hinted(30)), ("version", Hinted(20)), ("plain{a}", Hinted(0)), ("secret", Hinted(30, is_private=True))],
)
def test_an_entity_begins_with_its_type(selected: str, expected: Hinted) -> None:
    """As a field would that leads to it."""
    text = f"query($r:[_Any!]!){{_entities(representations:$r){{...on User{{{selected}}}...on Post{{author{{id}}}}}}}}"
    asked = question_of(text, "users", SCHEMA)
    assert isinstance(asked, Entities)
    found = asked.of("_entities", "User")
    assert found is not None
    assert found.hinted == expected


async def test_hints_are_kept_to(redis_url: str) -> None:
    """An answer without a Cache-Control is kept for as long as its schema says; one of which it says nothing is not."""
    world = World(headers=[])
    async with routing(redis_url, world, sdl=supergraph_sdl(USERS, POSTS, HEAD)) as router:
        for _ in range(2):
            assert (await router.answered("{ user(id: 1) { name } }")).reply.headers["cache-control"] in (
                "private, max-age=60",
                "private, max-age=59",
            )
            # The author is kept; of the posts, where hints say nothing, the list is not.
            told = (await router.answered("{ posts { author { name } } }")).reply.headers["cache-control"]
            assert told == "no-store"
            await router.data("{ plain }")

    assert len(world.entities_asked()) == 1
    assert world.count == 4
    assert len(world.asked) == 6


def test_the_directive_may_have_another_name() -> None:
    """That of its import."""
    head = HEAD.replace('["@cacheControl"]', '[{name: "@cacheControl", as: "@kept"}]').replace(
        "@cacheControl(", "@kept("
    )
    head = head.replace('name: "@cacheControl")', 'name: "@kept")')
    schema = CachingSchema(load_supergraph(supergraph_sdl(USERS.replace("@cacheControl", "@kept"), POSTS, head)))
    asked = question_of("{ typed { b } }", "users", schema)
    assert isinstance(asked, RootAsked)
    assert asked.hinted == Hinted(10)
