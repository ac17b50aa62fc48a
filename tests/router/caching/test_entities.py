"""Entities are kept one by one, whichever operation asked for them."""

from __future__ import annotations

import json

from router.errors import SubgraphUnreachable
from tests.router.caching.world import World, names, routing

POSTS = "{ posts { title author { name } } }"


async def test_what_is_kept_is_not_asked_again(redis_url: str) -> None:
    """The second time no subgraph is asked, by this router or another, and the answer is the same."""
    world = World()
    async with routing(redis_url, world) as router, routing(redis_url, world) as other:
        first = await router.data(POSTS)
        asked = len(world.asked)

        assert await router.data(POSTS) == first
        assert await other.data(POSTS) == first
        assert len(world.asked) == asked == 2


async def test_only_what_is_missing_is_asked_for_and_all_stand_in_order(redis_url: str) -> None:
    """Of a list in which some are kept, the others are asked for in one request."""
    world = World(authors={"1": "2", "2": "4"})
    async with routing(redis_url, world, subgraphs={"users": {}}) as router:
        await router.data(POSTS)
        world.authors = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5"}

        data = await router.data(POSTS)

    assert names(data) == ["name 1", "name 2", "name 3", "name 4", "name 5"]
    assert world.entities_asked() == [["2", "4"], ["1", "3", "5"]]


async def test_operations_share_entities(redis_url: str) -> None:
    """Neither an operation's name nor what else it asks makes an entity another; what is selected of it does."""
    world = World()
    async with routing(redis_url, world) as router:
        await router.data("query A { posts { author { name } } }")
        await router.data("query B { posts { id author { name } } }")
        assert len(world.entities_asked()) == 1

        await router.data("query B { posts { author { version } } }")
        assert len(world.entities_asked()) == 2


async def test_variables_that_are_used_make_another_entity(redis_url: str) -> None:
    """Those of the rest of the operation do not."""
    world = World()
    query = "query($to: String, $other: ID!) { user(id: $other) { id } posts { author { greeting(to: $to) } } }"
    async with routing(redis_url, world) as router:
        for to, other in (("a", "1"), ("a", "2"), ("b", "2")):
            await router.data(query, variables={"to": to, "other": other})

    assert len(world.entities_asked()) == 2


async def test_what_failed_is_asked_again(redis_url: str) -> None:
    """An entity with an error below it, or one that is not there, is not kept; those beside it are, and the error keeps its place."""
    world = World(failing={"2"}, authors={"1": "1", "2": "2", "3": "none"})
    async with routing(redis_url, world) as router:
        first = await router.answered(POSTS)
        second = await router.answered(POSTS)

    assert world.entities_asked() == [["1", "2", "none"], ["2", "none"]]
    assert first.json() == second.json()
    assert [error["path"] for error in second.errors] == [["posts", 1, "author", "name"]]


async def test_what_is_kept_survives_the_subgraph(redis_url: str) -> None:
    """While it cannot be reached, what is kept is served, and the rest is null with an error."""
    world = World(authors={"1": "1"})
    async with routing(redis_url, world, subgraphs={"users": {}}) as router:
        await router.data(POSTS)
        world.broken = SubgraphUnreachable("users", 'Subgraph "users" cannot be reached.', "down")
        world.authors = {"1": "2", "2": "1"}

        response = await router.answered(POSTS)

    assert [post["author"]["name"] for post in json.loads(response.data)["posts"]] == [None, "name 1"]
    assert [error["message"] for error in response.errors] == ['Subgraph "users" cannot be reached.']
    assert "cache-control" not in response.reply.headers


async def test_lists_longer_than_a_lookup(redis_url: str) -> None:
    """A thousand entities are found in several lookups, and asked for in pieces where they are not."""
    ids = [str(number) for number in range(1_000)]
    world = World(versions=dict.fromkeys(ids, 1), authors={id_: id_ for id_ in ids})
    async with routing(redis_url, world, limits={"representations": 400}) as router:
        first = await router.data(POSTS)
        second = await router.data(POSTS)

    assert first == second
    assert names(first) == [f"name {id_}" for id_ in ids]
    assert sorted(map(len, world.entities_asked())) == [200, 400, 400]
