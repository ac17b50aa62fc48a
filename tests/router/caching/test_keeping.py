"""What is kept, how long, and what a Redis that fails costs."""

from __future__ import annotations

import asyncio
import json
from time import monotonic
from typing import Any

import pytest
import redis.asyncio

from router import limits
from router.assembly import Given, assemble
from router.errors import ConfigError, RedisUnavailable
from router.exchange import ClientRequest
from router.pipeline import begin, nobody_sets_labels
from router.pipeline.deferring import DeferredAnswer
from router.supergraph import load_supergraph
from tests.router.caching import world as graph
from tests.router.caching.world import Router, World, routing

POSTS = "{ posts { author { name version } } }"
ONE = '{ user(id: "1") { name version } }'


async def test_a_root_answer_is_kept_as_a_whole(redis_url: str) -> None:
    """By what is selected and its arguments, however the operation is called and its variables are sent."""
    world = World()
    async with routing(redis_url, world) as router:
        query = "query A($id: ID!) { user(id: $id) { name } }"
        await router.data(query, variables={"id": "1"})
        await router.data(query.replace("query A", "query B"), variables={"id": "1"})
        assert world.count == 1
        await router.data(query, variables={"id": "2"})
        await router.data(query.replace("name", "version"), variables={"id": "1"})
        assert world.count == 3


async def test_digits_are_kept(redis_url: str) -> None:
    """A number comes from the cache as it was written, and numbers that are written otherwise are asked for themselves."""
    world = World()
    query = "query($of: Float!) { amount(of: $of) }"
    async with routing(redis_url, world) as router:
        answers = [(await router.answered(query, variables={"of": of})).data for of in (1.5, 1.5, 1.25)]

    assert answers == [b'{"amount":1.50}', b'{"amount":1.50}', b'{"amount":2.50}']


@pytest.mark.parametrize("query", ["{ nobody { name } }", '{ user(id: "none") { name } }'])
async def test_what_is_not_there_is_not_kept(redis_url: str, query: str) -> None:
    """It may be there in a moment."""
    world = World()
    async with routing(redis_url, world) as router:
        await router.data(query)
        await router.data(query)
    assert world.count == 2


async def test_an_answer_with_errors_is_not_kept(redis_url: str) -> None:
    """The next request asks again."""
    world = World(failing={"1"})
    async with routing(redis_url, world) as router:
        assert (await router.answered(ONE)).errors
        world.failing.clear()
        assert not (await router.answered(ONE)).errors


async def test_entries_end(redis_url: str) -> None:
    """After what its answer said, or the longest that is set; Redis forgets them, too."""
    world = World(headers=[("cache-control", "public, max-age=1")])
    async with routing(redis_url, world) as router, redis.asyncio.from_url(redis_url) as client:
        await router.data(ONE)
        await router.data(ONE)
        assert world.count == 1
        await asyncio.sleep(1.05)
        await router.data(ONE)
        assert world.count == 2

        world.headers = [("cache-control", "public, max-age=10000000")]
        await router.data(POSTS)
        lives = [await client.pttl(key) async for key in client.scan_iter("router:cache:entry:*")]
        assert 0 < min(lives) <= 1_000
        assert max(lives) <= limits.CACHE_TTL_MAX_S * 1_000


async def test_only_what_is_named_is_kept(redis_url: str) -> None:
    """A subgraph that the settings do not name is asked every time, and one that says nothing of itself, too."""
    world = World(headers=[])
    async with routing(redis_url, world, subgraphs={"users": {}}) as router:
        await router.data(POSTS)
        await router.data(POSTS)
    assert len(world.asked) == 4


async def test_mutations_and_their_queries_pass_by(redis_url: str) -> None:
    """What a client reads after it wrote is as the subgraphs have it, and changes no entry."""
    world = World()
    mutation = "mutation { rename(id: 1) { version posts { id author { version } } } }"
    async with routing(redis_url, world) as router:
        await router.data(ONE)
        world.versions["1"] = 2
        assert (await router.data(mutation))["rename"]["version"] == 2
        assert (await router.data(ONE))["user"]["version"] == 1


async def test_parts_that_come_later_are_kept_too(redis_url: str) -> None:
    """An operation with @defer is answered from entries, and makes them."""
    world = World()
    async with routing(redis_url, world) as router:
        await router.data(POSTS)
        asked = len(world.asked)
        request = ClientRequest("{ posts { ... @defer { author { name version } } } }", incremental=True)
        begun = await begin(request, router.gate.router)
        assert isinstance(begun, DeferredAnswer)
        pieces = b"".join([piece.json() async for piece in begun.responses()])

    assert b'"name 3"' in pieces
    assert {request.subgraph for request in world.asked[asked:]} <= {"posts"}


async def test_what_is_too_large_is_not_kept(redis_url: str) -> None:
    """Each entity by itself."""
    world = World(versions={"1": 1, "2": 10**200})
    world.authors = {"1": "1", "2": "2"}
    async with routing(redis_url, world, entry_bytes=200) as router:
        await router.answered(POSTS)
        await router.answered(POSTS)
    assert world.entities_asked() == [["1", "2"], ["2"]]


async def test_writes_are_bounded(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the bound answers are not kept, and nobody waits."""
    monkeypatch.setattr(limits, "CACHE_WRITES_MAX", 0)
    world = World()
    async with routing(redis_url, world) as router:
        await router.data(ONE)
        await router.data(ONE)
        assert world.count == 2
        assert b'outcome="dropped",subgraph="users"} 2.0' in router.gate.router.telemetry.render()


class Failing:
    """A link of which `ask` fails from some call on."""

    def __init__(self, inner: Any, after: int) -> None:
        self._inner = inner
        self._left = after

    async def ask(self, command: Any, *, timeout_s: float | None = None) -> Any:
        self._left -= 1
        if self._left < 0:
            raise RedisUnavailable("gone")
        return await self._inner.ask(command, timeout_s=timeout_s)


@pytest.mark.parametrize("query", [POSTS, ONE])
@pytest.mark.parametrize("after", range(4))
async def test_redis_may_fail_at_any_step(redis_url: str, query: str, after: int) -> None:
    """Every answer is right all the same."""
    world = World()
    async with routing(redis_url, world) as router:
        expected = await router.data(query)
        store: Any = router.cache.store
        await store.delete(["subgraph:users"])
        inner, store._link = store._link, Failing(store._link, after)
        for _ in range(2):
            assert await router.data(query) == expected
        store._link = inner
        world.versions["1"] = 2
        await store.delete(["subgraph:users"])
        assert await router.data(query) != expected


async def test_a_hanging_redis_costs_one_time_out(redis_url: str) -> None:
    """Then it is not asked for a while; and nobody waits for what is written."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        world = World()
        async with routing(url, world, timeout_s=0.2) as router:
            started_at = monotonic()
            await router.data(ONE)
            first_s = monotonic() - started_at
            for _ in range(20):
                await router.data(ONE)
            assert first_s >= 0.2
            assert monotonic() - started_at - first_s < 20 * 0.2 / 2
            assert world.count == 21
            assert b'router_cache_unavailable_total{subgraph="users"} 21.0' in router.gate.router.telemetry.render()


async def test_rubbish_in_redis_is_a_miss(redis_url: str) -> None:
    """Also what another version of the router wrote."""
    world = World()
    async with routing(redis_url, world) as router, redis.asyncio.from_url(redis_url) as client:
        await router.data(ONE)
        async for key in client.scan_iter("router:cache:entry:*"):
            await client.set(key, b"\x93rubbish")
        await router.data(ONE)
        await router.data(ONE)
    assert world.count == 2


async def test_entries_outlive_a_reload(redis_url: str) -> None:
    """Of settings and supergraph; what the new supergraph gives other tags is asked for anew."""
    world = World()
    config = graph.config(redis_url)
    given = Given(world.transport(), nobody_sets_labels)
    before = assemble(config, load_supergraph(graph.supergraph_sdl()), given=given)
    await Router(before, world).data(ONE)
    await Router(before, world).data(POSTS)
    asked = len(world.asked)

    same = graph.POSTS.replace("best: Post", "best: Post other: Int")
    gate = assemble(config, load_supergraph(graph.supergraph_sdl(graph.USERS, same)), given=given, before=before)
    after = Router(gate, world)
    assert after.cache.store is Router(before, world).cache.store
    await after.data(ONE)
    await after.data(POSTS)
    assert len(world.asked) == asked

    other = graph.USERS.replace('"user-{$key.id}"', '"person-{$key.id}"')
    last = assemble(config, load_supergraph(graph.supergraph_sdl(other, same)), given=given, before=gate)
    await Router(last, world).data(POSTS)
    assert world.entities_asked() == [["1", "2", "3"], ["1", "2", "3"]]
    for generation in (before, gate, last):
        await generation.parts.close()


def test_what_is_missing_is_named(redis_url: str) -> None:
    """A cache needs a Redis, and subgraphs that exist."""
    loaded = load_supergraph(graph.supergraph_sdl())
    given = Given(World().transport(), nobody_sets_labels)
    with pytest.raises(ConfigError, match=r"cache needs a Redis to keep answers in: set redis\.url"):
        assemble(graph.config(redis_url).model_copy(update={"redis": None}), loaded, given=given)
    with pytest.raises(ConfigError, match=r'names the subgraph "user", which the supergraph lacks.*users'):
        assemble(graph.config(redis_url, subgraphs={"user": {}}), loaded, given=given)


async def test_headers_of_answers_come_from_entries(redis_url: str) -> None:
    """Rules that merge what subgraphs allow see what is left of an entry's time; no other header comes again."""
    world = World(headers=[("cache-control", "public, max-age=60"), ("x-node", "7")])
    rules = {
        "all": {
            "response": [
                {"propagate": {"named": "cache-control", "algorithm": "most_restrictive"}},
                {"propagate": {"named": "x-node", "algorithm": "last"}},
            ]
        }
    }
    async with routing(redis_url, world, headers=rules) as router:
        first = (await router.answered(ONE)).reply.headers
        second = (await router.answered(ONE)).reply.headers
        world.versions["1"] = 2
        world.authors = {"1": "1", "2": "2"}
        mixed = json.loads((await router.answered(POSTS)).data)

    assert first == {"cache-control": "public, max-age=60", "x-node": "7"}
    assert second in ({"cache-control": "public, max-age=59"}, {"cache-control": "public, max-age=60"})
    assert [post["author"]["version"] for post in mixed["posts"]] == [2, 1]
