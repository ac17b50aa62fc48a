"""What is invalidated is not served again: by each kind, by each way, and at any moment."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import redis.asyncio
from prometheus_client.parser import text_string_to_metric_families

from router.app import create_app
from router.caching import Invalidator
from router.config import RouterConfig
from tests.router.caching import world as graph
from tests.router.caching.world import World, routing
from tests.router.serving import serving

POSTS = "{ posts { author { id version } } }"
ONE = '{ user(id: "1") { version } }'
JOINED = b'router_shared_queries_total{level="subgraphs",role="joiner"} 1.0'
SECRET = "a secret of operators"


@pytest.fixture
async def invalidator(redis_url: str) -> Any:
    """As another program has it."""
    async with redis.asyncio.from_url(redis_url) as client:
        yield Invalidator(client)


@pytest.mark.parametrize(
    ("kind", "given", "authors", "one"),
    [
        ("tag", ["user-1"], [["1", "2", "3"], ["1"]], 2),
        ("tag", ["user-2", "view-short"], [["1", "2", "3"], ["2"]], 2),
        ("tag", ["user-9"], [["1", "2", "3"]], 1),
        ("entity", ["User", "3"], [["1", "2", "3"], ["3"]], 1),
        ("entity", ["Post", "3"], [["1", "2", "3"]], 1),
        ("type", ["User"], [["1", "2", "3"], ["1", "2", "3"]], 2),
        ("type", ["Query"], [["1", "2", "3"]], 2),
        ("subgraph", ["users"], [["1", "2", "3"], ["1", "2", "3"]], 2),
        ("subgraph", ["posts"], [["1", "2", "3"]], 1),
    ],
)
async def test_each_kind(
    redis_url: str, invalidator: Invalidator, kind: str, given: list[str], authors: list[list[str]], *, one: int
) -> None:
    """What is under it is asked for again, and nothing else."""
    world = World()
    async with routing(redis_url, world) as router:
        await router.data(POSTS)
        await router.data(ONE)
        if kind == "entity":
            await invalidator.entity(given[0], id=given[1])
        else:
            await getattr(invalidator, kind)(*given)

        for _ in range(2):
            await router.data(POSTS)
            await router.data(ONE)

    assert world.entities_asked() == authors
    assert world.count - len(authors) == one


async def test_a_type_anywhere_below_counts(redis_url: str, invalidator: Invalidator) -> None:
    """An answer of root fields goes with any type that may stand in it."""
    world = World()
    async with routing(redis_url, world) as router:
        await router.data(POSTS)
        await invalidator.type("Post")
        await router.data(POSTS)

    assert [request.subgraph for request in world.asked] == ["posts", "users", "posts"]


async def test_arguments_in_tags(redis_url: str, invalidator: Invalidator) -> None:
    """Given as a variable, as a literal, or by default; where one is missing, nothing is kept, for nothing could invalidate it."""
    world = World()
    query = "query($id: ID!, $view: String) { user(id: $id, view: $view) { version } }"
    async with routing(redis_url, world) as router:
        await router.data(query, variables={"id": "1", "view": "long"})
        await router.data(query, variables={"id": "2", "view": "short"})
        await router.data(ONE)
        assert world.count == 3
        await invalidator.tag("view-short")
        await router.data(query, variables={"id": "1", "view": "long"})
        assert world.count == 3
        await router.data(query, variables={"id": "2", "view": "short"})
        await router.data(ONE)
        assert world.count == 5
        for _ in range(2):
            await router.data(query, variables={"id": "1", "view": None})
        assert world.count == 7


@pytest.mark.parametrize("query", [POSTS, ONE])
async def test_what_was_asked_for_before_is_not_kept(redis_url: str, invalidator: Invalidator, query: str) -> None:
    """An answer that was made before an invalidation and comes after it is given to who asked, and to nobody later."""
    world = World(goes_on=asyncio.Event())
    assert world.goes_on is not None
    async with routing(redis_url, world) as router:
        asking = asyncio.create_task(router.data(query))
        await world.begun.wait()
        world.versions["1"] = 2
        await invalidator.tag("user-1")
        world.goes_on.set()
        await asking

        data = await router.data(query)

    assert (data["posts"][0]["author"] if "posts" in data else data["user"])["version"] == 2


async def test_who_asks_after_an_invalidation_does_not_join_who_asked_before(
    redis_url: str, invalidator: Invalidator
) -> None:
    """Though the same request is under way, it is sent anew, and only the newer answer is kept."""
    world = World(goes_on=asyncio.Event())
    assert world.goes_on is not None
    async with routing(redis_url, world) as router:
        before = asyncio.create_task(router.data(ONE))
        await world.begun.wait()
        joins = asyncio.create_task(router.data(ONE))
        async with asyncio.timeout(20):
            while JOINED not in router.gate.router.telemetry.render():
                await asyncio.sleep(0.005)
        world.versions["1"] = 2
        await invalidator.tag("user-1")
        world.begun.clear()
        after = asyncio.create_task(router.data(ONE))
        await world.begun.wait()
        world.goes_on.set()

        versions = [(await each)["user"]["version"] for each in (before, joins, after)]
        versions.append((await router.data(ONE))["user"]["version"])

    assert versions == [1, 1, 2, 2]
    assert world.count == 2


async def test_a_tag_that_is_forgotten_makes_a_miss(redis_url: str) -> None:
    """Where Redis pushes a tag out of its memory, or it expires, what is under it counts as invalidated."""
    world = World()
    async with routing(redis_url, world) as router, redis.asyncio.from_url(redis_url) as client:
        await router.data(ONE)
        tags = [key async for key in client.scan_iter("router:cache:*") if b":entry:" not in key]
        assert {key.decode() for key in tags} == {
            f"router:cache:{tag}"
            for tag in ("subgraph:users", "tag:user-1", "tag:view-short", "type:Query", "type:User")
        }
        for number, tag in enumerate(tags, start=2):
            assert 86_400 < await client.ttl(tag) <= 90_000
            await client.delete(tag)
            await router.data(ONE)
            assert world.count == number


async def test_a_format_that_means_nothing_is_refused(redis_url: str) -> None:
    """Before anything is served: what it stands on could never be invalidated."""
    users = graph.USERS.replace('"user-{$key.id}"', '"user-{$args.id}"')
    with pytest.raises(
        Exception, match=r'@cacheTag on User has the format "user-\{\$args.id\}", where there is only \$key'
    ):
        async with routing(redis_url, sdl=graph.supergraph_sdl(users)):
            pass


async def test_over_http(redis_url: str, tmp_path: Path) -> None:
    """A POST by who knows the secret invalidates; everybody else is refused, and mistakes are named."""
    world = World()
    (tmp_path / "supergraph.graphql").write_text(graph.supergraph_sdl())
    settings = {
        **graph.config(redis_url, invalidation={"secret": SECRET}).model_dump(exclude_unset=True),
        "supergraph": tmp_path / "supergraph.graphql",
    }
    app = create_app(RouterConfig.model_validate(settings), transport=world.transport())
    async with serving(app) as address, aiohttp.ClientSession() as http:

        async def ask() -> str | None:
            async with http.post(f"http://{address}/graphql", json={"query": POSTS}) as response:
                assert "errors" not in await response.json()
                return response.headers.get("cache-control")

        async def invalidate(body: Any, secret: str = SECRET) -> tuple[int, Any]:
            headers = {"authorization": secret}
            async with http.post(f"http://{address}/cache/invalidate", json=body, headers=headers) as response:
                return response.status, await response.json()

        assert str(await ask()).startswith("public, max-age=")
        wanted = [
            {"kind": "entity", "type": "User", "key": {"id": "1"}},
            {"kind": "cache_tag", "cache_tag": "user-2", "subgraphs": ["users"]},
        ]
        assert (await invalidate(wanted, "wrong"))[0] == 401
        assert (await invalidate(wanted, ""))[0] == 401
        assert await invalidate(wanted) == (202, {"count": 2})
        assert await invalidate([{"kind": "subgraph", "subgraph": "posts"}], f"Bearer {SECRET}") == (202, {"count": 1})
        await ask()
        status, told = await invalidate([{"kind": "type", "typ": "User"}])
        assert status == 400
        assert "0.type" in told["error"]
        assert (await invalidate([]))[0] == 400
        assert (await invalidate([{"kind": "cache_tag", "cache_tag": "x" * 400}] * 600))[0] == 413
        async with http.get(f"http://{address}/cache/invalidate") as response:
            assert response.status == 405
        async with http.get(f"http://{address}/metrics") as response:
            metrics = await response.text()

    assert world.entities_asked() == [["1", "2", "3"], ["1", "2"]]
    counted = {
        (sample.name.removeprefix("router_cache_").removesuffix("_total"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.name.startswith("router_cache") and sample.labels.get("subgraph") != "posts"
    }
    told_of = {(name, frozenset(labels)): value for (name, *labels), value in counted.items()}
    assert told_of["lookups", frozenset({"users", "hit"})] == 1
    assert told_of["lookups", frozenset({"users", "miss"})] == 3
    assert told_of["lookups", frozenset({"users", "invalidated"})] == 2
    assert told_of["stores", frozenset({"users", "stored"})] == 5
    assert told_of["invalidations", frozenset({"cache_tag"})] == 1
    assert told_of["bytes", frozenset({"users", "written"})] > told_of["bytes", frozenset({"users", "read"})] > 0
