"""A small graph to serve in tests: two real Strawberry subgraphs, people and posts, composed and mounted in process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.asgi import GraphQL
from strawberry.federation.schema_directives import Authenticated
from strawberry.types import Info

from router.composition import Composed, SubgraphInput, compose
from router.transport import AsgiTransport
from router.transport.asgi_scope import AsgiApp

NAMES = {"1": "Ada", "2": "Bo"}


@dataclass
class Blog:
    """The subgraphs' world: what was published, who is listening, and what they were asked."""

    titles: list[str] = field(default_factory=lambda: ["Hello", "World"])
    published: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    listening: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    slow_begun: asyncio.Event = field(default_factory=asyncio.Event)
    slow_goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    slow_cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    headers: list[dict[str, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def apps(self) -> dict[str, AsgiApp]:
        """The subgraphs by name."""
        return {name: self._mounted(name, schema) for name, schema in schemas().items()}

    def transport(self) -> AsgiTransport:
        """A transport that reaches both."""
        return AsgiTransport(self.apps())

    def _mounted(self, name: str, schema: strawberry.Schema) -> AsgiApp:
        inner = GraphQL[Any, Any](schema)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("state", {})["blog"] = self
            self.requests.append(name)
            self.headers.append({key.decode(): value.decode() for key, value in scope["headers"]})
            await inner(scope, receive, send)

        return app


def _blog(info: Info[Any, Any]) -> Blog:
    blog: Blog = info.context["request"].scope["state"]["blog"]
    return blog


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@strawberry.federation.type(name="User", keys=["id"])
class Person:
    """A user as people knows them."""

    id: strawberry.ID
    email: str | None = strawberry.federation.field(default="a@b.test", requires_scopes=[["people:email"]])
    secret: str = strawberry.federation.field(default="hush", inaccessible=True)

    @strawberry.field
    def name(self) -> str:
        """Their name."""
        return NAMES[self.id]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Person:  # noqa: A002 - the key's name
        """The user of a key."""
        return cls(id=id)


@strawberry.type(name="Query")
class PeopleQuery:
    """What people answers."""

    @strawberry.field(directives=[Authenticated()])  # type: ignore[untyped-decorator]  # untyped by strawberry where it has arguments
    def me(self) -> Person | None:
        """Whoever is signed in: always Ada."""
        return Person(id=strawberry.ID("1"))

    @strawberry.field
    def hello(self, name: str = "you") -> str:
        """A greeting."""
        return f"Hello {name}"

    @strawberry.field
    async def slow(self, info: Info[Any, Any]) -> str:
        """As long as the blog wants."""
        blog = _blog(info)
        blog.slow_begun.set()
        try:
            await blog.slow_goes_on.wait()
        except asyncio.CancelledError:
            blog.slow_cancelled.set()
            raise
        return "at last"

    @strawberry.field
    def users(self) -> list[Person]:
        """Everybody."""
        return [Person(id=strawberry.ID(key)) for key in NAMES]

    @strawberry.field
    def broken(self) -> str | None:
        """Fails."""
        raise GraphQLError("subgraph fault", extensions={"code": "FAULT"})


# ── posts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@strawberry.federation.type(name="User", keys=["id"])
class Author:
    """A user as posts knows them: by key only."""

    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Author:  # noqa: A002 - the key's name
        """The user of a key."""
        return cls(id=id)


@strawberry.federation.type(keys=["id"])
class Post:
    """Something written; its title is its id."""

    id: strawberry.ID
    title: str
    draft: str | None = strawberry.federation.field(default="unfinished", authenticated=True)

    @strawberry.field
    def author(self) -> Author:
        """Always Ada."""
        return Author(id=strawberry.ID("1"))

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Post:  # noqa: A002 - the key's name
        """The post of a key."""
        return _post(id)


def _post(title: str) -> Post:
    return Post(id=strawberry.ID(title), title=title)


@strawberry.type(name="Query")
class PostsQuery:
    """What posts answers."""

    @strawberry.field
    def posts(self, info: Info[Any, Any], first: int = 10) -> list[Post]:
        """The oldest posts."""
        return [_post(title) for title in _blog(info).titles[:first]]


@strawberry.type
class Mutation:
    """What posts does."""

    @strawberry.mutation
    def publish(self, info: Info[Any, Any], title: str) -> Post:
        """Write a post and tell the listeners."""
        _blog(info).titles.append(title)
        _blog(info).published.put_nowait(title)
        return _post(title)


@strawberry.type
class Subscription:
    """What posts tells."""

    @strawberry.subscription
    async def published(self, info: Info[Any, Any]) -> AsyncGenerator[Post, None]:
        """Each new post."""
        blog = _blog(info)
        blog.listening.set()
        try:
            while True:
                yield _post(await blog.published.get())
        finally:
            blog.closed.set()

    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[int, None]:
        """One, two, three."""
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def flood(self, info: Info[Any, Any]) -> AsyncGenerator[str, None]:
        """More than anybody reads."""
        try:
            while True:
                yield "x" * 100_000
                await asyncio.sleep(0)  # its loop is everybody's, for it is mounted in process
        finally:
            _blog(info).closed.set()

    @strawberry.subscription(directives=[Authenticated()])  # type: ignore[untyped-decorator]  # as above
    async def whispered(self) -> AsyncGenerator[str, None]:
        """For the signed in."""
        yield "psst"


@cache
def schemas() -> dict[str, strawberry.Schema]:
    """The subgraphs' schemas by name."""
    return {
        "people": strawberry.federation.Schema(PeopleQuery),
        "posts": strawberry.federation.Schema(PostsQuery, Mutation, Subscription),
    }


@cache
def supergraph_sdl() -> str:
    """The two subgraphs composed."""
    inputs = [SubgraphInput(name, schema.as_str(), f"http://{name}.test/graphql") for name, schema in schemas().items()]
    composed = compose(inputs)
    assert isinstance(composed, Composed), composed
    return composed.sdl


def supergraph_file(folder: Path) -> Path:
    """The supergraph, written into a folder."""
    file = folder / "supergraph.graphql"
    file.write_text(supergraph_sdl())
    return file
