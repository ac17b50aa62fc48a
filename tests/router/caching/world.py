"""Two subgraphs to keep answers of: users, whose data have versions, and posts. They count what they are asked."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from router.assembly import Given, assemble
from router.caching import ResponseCache
from router.composition import Composed, SubgraphInput, compose
from router.config import RouterConfig
from router.edge.gate import Gate
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import answer, nobody_sets_labels
from router.security.caller import ANONYMOUS, Caller
from router.supergraph import load_supergraph
from router.transport import SubgraphAnswer, SubgraphRequest
from router.transport.fake import FakeTransport

HEAD = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@cacheTag"])
"""
USERS = """
type Query {
  user(id: ID!, view: String = "short"): User @cacheTag(format: "user-{$args.id}") @cacheTag(format: "view-{$args.view}")
  users: [User!]!
  nobody: User
  amount(of: Float!): Float
}
type Mutation { rename(id: ID!): User }
type User @key(fields: "id") @cacheTag(format: "user-{$key.id}") { id: ID! name: String version: Int greeting(to: String): String }
"""
POSTS = """
type Query { posts: [Post!]! best: Post }
type Post @key(fields: "id") { id: ID! title: String author: User }
type User @key(fields: "id") { id: ID! posts: [Post!] }
"""
POST_IDS = ("1", "2", "3")


@cache
def supergraph_sdl(users: str = USERS, posts: str = POSTS, head: str = HEAD) -> str:
    """Both, composed."""
    inputs = [
        SubgraphInput(n, head + sdl, f"http://{n}.test/graphql") for n, sdl in (("users", users), ("posts", posts))
    ]
    composed = compose(inputs)
    assert isinstance(composed, Composed), composed
    return composed.sdl


@dataclass
class World:
    """What the subgraphs know: the version of each user, what is wrong with some, and the headers of users' answers."""

    versions: dict[str, int] = field(default_factory=lambda: dict.fromkeys("123456789", 1))
    failing: set[str] = field(default_factory=set)
    authors: Mapping[str, str] = field(default_factory=lambda: {"1": "1", "2": "2", "3": "3"})
    headers: list[tuple[str, str]] = field(default_factory=lambda: [("cache-control", "public, max-age=60")])
    asked: list[SubgraphRequest] = field(default_factory=list)
    personal: bool = False  # names are those of who asks
    goes_on: asyncio.Event | None = None  # what users wait for, with their answer made
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    broken: Exception | None = None

    def transport(self) -> FakeTransport:
        return FakeTransport({"users": self._users, "posts": self._posts})

    @property
    def count(self) -> int:
        """How many requests users got."""
        return sum(request.subgraph == "users" for request in self.asked)

    def entities_asked(self) -> list[list[str]]:
        """The ids of the users that were asked for, by request."""
        return [
            [item["id"] for name, items in _variables(request).items() if "representations" in name for item in items]
            for request in self.asked
            if request.subgraph == "users" and b"_entities" in request.body
        ]

    async def _users(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.asked.append(request)
        if self.broken is not None:
            raise self.broken
        variables = _variables(request)
        if "_entities" in request.payload["query"]:
            body = self._entities(variables, request)
        elif "users" in request.payload["query"]:
            body = {"data": {"users": [self.user(id_, request) for id_ in sorted(self.versions)]}}
        elif "nobody" in request.payload["query"]:
            body = {"data": {"nobody": None}}
        elif "amount" in request.payload["query"]:
            return self._answer(b'{"data":{"amount":%d.50}}' % len(self.asked))
        else:
            literal = re.search(r'id:"?(\w+)', request.payload["query"])
            wanted = str(variables.get("id", literal[1] if literal else "1"))
            name = "rename" if "mutation" in request.payload["query"] else "user"
            body = {"data": {name: self.user(wanted, request)}}
            if wanted in self.failing:
                body["errors"] = [{"message": "failed", "path": [name, "name"]}]
        answer = self._answer(json.dumps(body).encode())
        self.begun.set()
        if self.goes_on is not None:
            await self.goes_on.wait()
        return answer

    def user(self, id_: str, request: SubgraphRequest) -> dict[str, Any] | None:
        """A user as users answers."""
        if id_ not in self.versions:
            return None
        who = request.headers.get("authorization", "nobody") if self.personal else f"name {id_}"
        return {"__typename": "User", "id": id_, "name": who, "version": self.versions[id_], "greeting": "hi"}

    def _entities(self, variables: Mapping[str, Any], request: SubgraphRequest) -> dict[str, Any]:
        items = variables["representations"]
        errors = [
            {"message": f"failed {item['id']}", "path": ["_entities", index, "name"]}
            for index, item in enumerate(items)
            if item["id"] in self.failing
        ]
        body: dict[str, Any] = {"data": {"_entities": [self.user(item["id"], request) for item in items]}}
        return {**body, "errors": errors} if errors else body

    def _posts(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.asked.append(request)
        posts = [
            {"id": i, "title": f"post {i}", "author": {"__typename": "User", "id": a}} for i, a in self.authors.items()
        ]
        if "_entities" in request.payload["query"]:
            count = len(_variables(request)["representations"])
            return SubgraphAnswer(200, json.dumps({"data": {"_entities": [{"posts": posts}] * count}}).encode())
        return SubgraphAnswer(200, json.dumps({"data": {"posts": posts}}).encode())

    def _answer(self, body: bytes) -> SubgraphAnswer:
        return SubgraphAnswer(200, body, tuple((name.encode(), value.encode()) for name, value in self.headers))


@dataclass
class Router:
    """A router before that world."""

    gate: Gate
    world: World

    @property
    def cache(self) -> ResponseCache:
        cache = self.gate.router.cache
        assert cache is not None
        return cache

    async def answered(self, query: str, *, caller: Caller = ANONYMOUS, **given: Any) -> ClientResponse:
        """The response, once what is to be kept is kept."""
        response = await answer(ClientRequest(query, caller=caller, **given), self.gate.router)
        await self.cache.store.settled()
        return response

    async def data(self, query: str, **given: Any) -> Any:
        """The data of an answer that has no errors."""
        response = await self.answered(query, **given)
        assert not response.errors, response.json()
        assert response.refusal is None, response.json()
        return json.loads(response.data)


def config(redis_url: str, **cache: Any) -> RouterConfig:
    """Both subgraphs' answers are kept, by what they say of themselves."""
    subgraphs = cache.pop("subgraphs", {"users": {}, "posts": {"ttl_s": 60, "scope": "public"}})
    others = {name: cache.pop(name) for name in ("headers", "traffic", "limits", "authorization") if name in cache}
    settings = {"subgraphs": subgraphs, "timeout_s": 5, **cache}
    return RouterConfig.model_validate({"redis": {"url": redis_url, "timeout_s": 5}, "cache": settings, **others})


@asynccontextmanager
async def routing(
    redis_url: str, world: World | None = None, *, sdl: str | None = None, **cache: Any
) -> AsyncIterator[Router]:
    """A router with a cache, as long as a test needs it."""
    world = world or World()
    given = Given(world.transport(), nobody_sets_labels)
    gate = assemble(config(redis_url, **cache), load_supergraph(sdl or supergraph_sdl()), given=given)
    try:
        yield Router(gate, world)
    finally:
        await gate.parts.close()


def signed_in(subject: str, **claims: Any) -> Caller:
    """A caller with an access token."""
    return Caller(True, subject, claims={"sub": subject, "iss": "issuer", **claims}, issuer="issuer")


def _variables(request: SubgraphRequest) -> Mapping[str, Any]:
    variables: Mapping[str, Any] = request.payload.get("variables", {})
    return variables


def names(data: Any) -> Sequence[str]:
    """The authors of the posts in an answer, in order."""
    return [post["author"]["name"] for post in data["posts"]]
