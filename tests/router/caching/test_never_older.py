"""Whatever happens in which order: no answer is older than the last invalidation before it was asked for."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
import redis.asyncio

from router.caching import Invalidator
from router.transport import SubgraphAnswer, SubgraphRequest
from tests.router.caching.world import World, routing

IDS = "123"
ROOT = "query($id: ID!) { user(id: $id) { id version } }"


class Slow(World):
    """Subgraphs that answer with what they knew some time ago: between reading and answering, anything may happen."""

    dice: Random

    async def _users(self, request: SubgraphRequest) -> SubgraphAnswer:
        await asyncio.sleep(self.dice.uniform(0, 0.002))
        answer = await super()._users(request)
        await asyncio.sleep(self.dice.uniform(0, 0.02))
        return answer


@pytest.mark.parametrize("seed", range(4))
async def test_no_answer_is_older_than_the_last_invalidation(redis_url: str, seed: int) -> None:
    """Two routers, clients that read entities and root fields, and a writer that invalidates by some tag what it has changed."""
    dice = Random(seed)
    world = Slow()
    world.dice = Random(seed)
    invalidated = dict.fromkeys(IDS, 1)  # the version of which everybody knows
    seen = 0

    async with (
        routing(redis_url, world, subgraphs={"users": {}}) as one,
        routing(redis_url, world, subgraphs={"users": {}}) as other,
        redis.asyncio.from_url(redis_url) as client,
    ):
        invalidator = Invalidator(client)

        async def write() -> None:
            for _ in range(40):
                id_ = dice.choice(IDS)
                world.versions[id_] += 1
                version = world.versions[id_]
                await asyncio.sleep(dice.uniform(0, 0.002))
                match dice.randrange(12):
                    case 0:
                        await invalidator.type("User")
                    case 1:
                        await invalidator.subgraph("users")
                    case _:
                        await invalidator.tag(f"user-{id_}")
                invalidated[id_] = max(version, invalidated[id_])
                await asyncio.sleep(dice.uniform(0, 0.02))

        async def read() -> None:
            nonlocal seen
            while not writing.done():
                router = dice.choice((one, other))
                known = dict(invalidated)
                if dice.random() < 0.5:
                    authors = {str(number): dice.choice(IDS) for number in range(dice.randrange(1, 6))}
                    world.authors = authors
                    users = [
                        post["author"] for post in (await router.data("{ posts { author { id version } } }"))["posts"]
                    ]
                else:
                    users = [(await router.data(ROOT, variables={"id": dice.choice(IDS)}))["user"]]
                for user in users:
                    assert user["version"] >= known[user["id"]]
                    seen += 1

        writing = asyncio.create_task(write())
        await asyncio.gather(*(read() for _ in range(8)))
        await writing
        text = one.gate.router.telemetry.render().decode()

    assert seen > 100
    assert 'router_cache_lookups_total{result="hit",subgraph="users"}' in text
    assert 'router_cache_lookups_total{result="invalidated",subgraph="users"}' in text
