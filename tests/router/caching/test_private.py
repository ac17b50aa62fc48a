"""Nobody is served what was kept for another."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from router import Plugin
from router.assembly import Given, assemble
from router.exchange import ClientRequest
from router.pipeline import nobody_sets_labels
from router.supergraph import load_supergraph
from router.transport import SubgraphRequest
from tests.router.caching import world as graph
from tests.router.caching.world import Router, World, routing, signed_in, supergraph_sdl

POSTS = "{ posts { author { name } } }"
ROOT = "{ user(id: 1) { name } }"
ADA, BO = signed_in("ada"), signed_in("bo")


async def seen_by(router: Router, query: str, who: str | None, **claims: Any) -> str:
    """The name that somebody sees who shows a token."""
    headers = {} if who is None else {"authorization": who}
    caller = {} if who is None else {"caller": signed_in(who, **claims)}
    data = await router.data(query, headers=headers, **caller)
    name: str = data["posts"][0]["author"]["name"] if "posts" in data else data["user"]["name"]
    return name


@pytest.mark.parametrize("query", [POSTS, ROOT])
@pytest.mark.parametrize("said", ["max-age=60", "private, max-age=60", "private"])
async def test_two_callers_never_share_what_is_not_public(redis_url: str, query: str, said: str) -> None:
    """Each is answered as asked by themselves, also after the other; the second time from an entry of their own."""
    world = World(personal=True, headers=[("cache-control", said)])
    async with routing(redis_url, world, subgraphs={"users": {"ttl_s": 60}}) as router:
        for who in ("ada", "bo", None, "ada", "bo"):
            assert await seen_by(router, query, who) == (who or "nobody")

    # Who signed in was asked for once; to whom nobody is known, what is private is not kept.
    assert world.count == 3


@pytest.mark.parametrize("query", [POSTS, ROOT])
async def test_callers_under_way_together_share_nothing_private(redis_url: str, query: str) -> None:
    """Twenty callers at one time are each told their own."""
    world = World(personal=True, headers=[("cache-control", "private, max-age=60")])
    async with routing(redis_url, world, traffic={"dedupe_client_requests": True}) as router:
        names = [f"caller {number % 10}" for number in range(20)]
        for _ in range(2):
            assert await asyncio.gather(*(seen_by(router, query, name) for name in names)) == names


async def test_what_is_public_is_shared(redis_url: str) -> None:
    """By those who say who they are and those who do not, whoever asked first."""
    world = World()
    async with routing(redis_url, world) as router:
        for who in ("ada", "bo", None):
            assert await seen_by(router, ROOT, who) == "name 1"

    assert world.count == 1


async def test_settings_can_say_public_and_private(redis_url: str) -> None:
    """`scope: public` shares what nobody said anything of; `scope: private` keeps apart what was said to be public."""
    world = World(headers=[("cache-control", "max-age=60")])
    async with routing(redis_url, world, subgraphs={"users": {"scope": "public"}}) as router:
        for who in ("ada", "bo"):
            await seen_by(router, ROOT, who)
    assert world.count == 1

    world = World(personal=True)
    async with routing(redis_url, world, subgraphs={"users": {"scope": "private"}}) as router:
        for who in ("cy", "di", "cy"):
            assert await seen_by(router, ROOT.replace("1", "2"), who) == who
    assert world.count == 2


async def test_those_who_do_not_say_who_they_are_share_among_themselves(redis_url: str) -> None:
    """An answer for them, of which nothing is said, is none for who signed in."""
    world = World(personal=True, headers=[("cache-control", "max-age=60")])
    async with routing(redis_url, world) as router:
        for who in (None, None, "ada", None):
            assert await seen_by(router, ROOT, who) == (who or "nobody")

    assert world.count == 2


async def test_without_the_claim_nothing_private_is_kept(redis_url: str) -> None:
    """A token that lacks one of the claims that make callers one makes no entry; callers who differ in one have different ones."""
    world = World(personal=True, headers=[("cache-control", "private, max-age=60")])
    async with routing(redis_url, world, private_id=["sub", "tenant"]) as router:
        await seen_by(router, ROOT, "ada")
        await seen_by(router, ROOT, "ada")
        assert world.count == 2
        for tenant in ("x", "y", "x"):
            await seen_by(router, ROOT, "ada", tenant=tenant)
        assert world.count == 4


async def test_headers_that_go_along_make_entries_of_their_own(redis_url: str) -> None:
    """Whatever they are, but for those that name a call, and those that are said to change nothing."""
    rules = {"all": {"request": [{"propagate": {"named": ["accept-language", "x-shop", "x-request-id"]}}]}}
    world = World()
    async with routing(redis_url, world, headers=rules, ignored_headers=["X-Shop"]) as router:
        for language, shop, call in (("de", "1", "a"), ("en", "1", "b"), ("de", "2", "c")):
            headers = {"accept-language": language, "x-shop": shop, "x-request-id": call}
            told = (await router.answered(ROOT, headers=headers, request_id=call)).reply.headers
            assert told["cache-control"].startswith("private")
            assert told["vary"] == "accept-language, authorization, cookie"

    assert world.count == 2


async def test_what_clients_are_told(redis_url: str) -> None:
    """The least of all parts, public where everything is so for everybody, and from the cache what is left of it."""
    world = World()
    async with routing(redis_url, world, subgraphs={"users": {}, "posts": {"ttl_s": 30, "scope": "public"}}) as router:

        async def told(query: str, **given: Any) -> str | None:
            return (await router.answered(query, **given)).reply.headers.get("cache-control")

        assert await told(POSTS) == "public, max-age=30"
        assert await told(POSTS) in ("public, max-age=29", "public, max-age=30")
        world.headers = [("cache-control", "max-age=20")]
        assert await told("{ user(id: 2) { name } posts { title } }") == "private, max-age=20"
        world.headers = []
        assert await told("{ user(id: 3) { name } posts { title } }") == "no-store"
        assert await told("mutation { rename(id: 1) { name } }") is None
        assert await told("{ __typename }") is None
        world.failing = {"4"}
        world.headers = [("cache-control", "public, max-age=20")]
        assert await told("{ user(id: 4) { name } }") is None


async def test_what_a_plugin_adds_to_a_request_is_no_part_of_an_entry(redis_url: str) -> None:
    """A header that it sets is; a request with more in its body than a query is asked every time."""

    class Adding(Plugin):
        """Says who asks, in one way or the other."""

        where = "header"

        async def subgraph_request(self, asked: SubgraphRequest, request: ClientRequest) -> SubgraphRequest:
            who = request.context["who"]
            if self.where == "header":
                return asked._replace(headers={**asked.headers, "x-who": who})
            payload = {**asked.payload, "extensions": {"who": who}}
            return asked._replace(body=json.dumps(payload).encode())

    world, plugin = World(), Adding()
    given = Given(world.transport(), nobody_sets_labels, plugins=(plugin,))
    gate = assemble(graph.config(redis_url), load_supergraph(supergraph_sdl()), given=given)
    router = Router(gate, world)
    for where, count in (("header", 2), ("body", 6)):
        plugin.where = where
        for who in ("ada", "bo", "ada", "bo"):
            await router.data(ROOT, context={"who": who})
        assert world.count == count
    await gate.parts.close()


async def test_plans_by_rights_are_for_their_caller(redis_url: str) -> None:
    """Where a caller sees more than others do, the answer is private to whoever keeps it, though its parts are public."""
    users = 'type Query { user(id: ID!): User @authenticated }\ntype User @key(fields: "id") { id: ID! name: String version: Int }'
    anonymous = {"anonymous_only": True}
    head = graph.HEAD.replace('"@key"', '"@key", "@authenticated"')
    async with routing(
        redis_url, World(), sdl=supergraph_sdl(users, graph.POSTS, head), authorization=anonymous
    ) as router:
        mine = await router.answered(ROOT, caller=ADA)
        refused = await router.answered(ROOT)

    assert mine.reply.headers == {"cache-control": "private, max-age=60", "vary": "authorization, cookie"}
    assert "cache-control" not in refused.reply.headers
    assert json.loads(refused.json())["errors"]
