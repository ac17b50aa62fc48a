"""A small federation with every kind of protection, subgraphs that answer from made-up data, and a record of what they were asked."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from router.composition import Composed, SubgraphInput, compose
from router.exchange import ClientRequest
from router.pipeline import RouterState, answer
from router.security.caller import ANONYMOUS, Caller
from router.supergraph import Supergraph, load_supergraph
from tests.router.world import World, WorldTransport

LINK = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@authenticated", "@requiresScopes", "@policy"]
)
"""
PEOPLE = """
type Query {
  hello: String
  me: Person @authenticated
  people: [Person!]!
  found: [Hit!]!
  node: Node
  nodes: [Node!]!
  safe: Safe
  grid: [[Safe]]
}
type Mutation { greet: String  erase: Boolean @authenticated  fire: Boolean @policy(policies: [["hr"]]) }
type Subscription { changed: Person  whispered: String @authenticated }

union Hit = Person | Secret | Note
interface Node { id: ID!  label: String }

type Person implements Node @key(fields: "id") {
  id: ID! @requiresScopes(scopes: [["person:id"]])
  label: String
  name: String
  email: String @requiresScopes(scopes: [["email"], ["admin", "people"]])
  salary: Int @policy(policies: [["payroll"], ["hr", "audit"]])
  mood: String @shareable @requiresScopes(scopes: [["a"], ["b"]])
}
type Secret implements Node @authenticated { id: ID!  label: String  text: String  size: Int }
type Note implements Node { id: ID!  label: String  text: String  draft: String @authenticated }
type Safe @requiresScopes(scopes: [["safe"]]) { gold: Int }
"""
POSTS = """
type Person @key(fields: "id") {
  id: ID!
  posts: [Post!]!
  mood: String @shareable @requiresScopes(scopes: [["c"], ["d"]])
}
type Post @key(fields: "id") { id: ID!  title: String  draft: String @authenticated  author: Person }
"""
SEED = 166


@cache
def supergraph() -> Supergraph:
    """Both composed."""
    outcome = compose(
        [
            SubgraphInput("people", LINK + PEOPLE, "http://people.test"),
            SubgraphInput("posts", LINK + POSTS, "http://posts.test"),
        ]
    )
    assert isinstance(outcome, Composed), outcome
    return load_supergraph(outcome.sdl)


def world() -> WorldTransport:
    """Both subgraphs over data in which every type stands in every list; it keeps what it was asked."""
    return WorldTransport(World(supergraph(), seed=SEED, nulls=False))


def asked(transport: WorldTransport) -> str:
    """All that subgraphs were asked."""
    return "\n".join(request.payload["query"] for request in transport.requests)


def router_over(transport: WorldTransport, **settings: Any) -> RouterState:
    """A router without an edge."""
    return RouterState(supergraph(), transport, **settings)


async def ask(router: RouterState, query: str, caller: Caller = ANONYMOUS, **request: Any) -> dict[str, Any]:
    """The response map."""
    body: dict[str, Any] = json.loads((await answer(ClientRequest(query, caller=caller, **request), router)).json())
    return body


def holding(*scopes: str) -> Caller:
    """A signed-in caller with these scopes."""
    return Caller(authenticated=True, subject="u1", scopes=frozenset(scopes))


SIGNED_IN = holding()
EVERYTHING = holding("person:id", "email", "safe", "a", "c")
