"""A router process under two hundred hostile requests: each is refused as it must be, and the next good one is served."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.router.blog import Blog, supergraph_sdl
from tests.router.hostile.attack import Attack, asked, send
from tests.router.hostile.families import every_attack
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer
from tests.router.security.verifying import KEY
from tests.router.serving import serving
from tests.router.test_cli import serve

ATTACKS = every_attack()
GROWTH_BYTES_MAX = 100_000_000
"""What the process may grow by: its caches, a few times a body of the largest size, and what the allocator keeps."""


@dataclass
class Fortress:
    """The router process and its address."""

    process: psutil.Process
    host: str
    port: int

    async def serves(self) -> bool:
        """Whether a good request gets its data."""
        answer = await send(self.host, self.port, asked("{ users { name } }", authorization=f"Bearer {KEY.token()}"))
        return answer.status == 200 and "errors" not in json.loads(answer.body)


@pytest.fixture
async def fortress(tmp_path: Path) -> AsyncIterator[Fortress]:
    blog = Blog().apps()
    async with (
        KeyServer(KEY).serving() as issuer,
        serving(blog["people"], lifespan="off") as people,
        serving(blog["posts"], lifespan="off") as posts,
    ):
        (tmp_path / "supergraph.graphql").write_text(supergraph_sdl())
        accepted = {"issuer": ISSUER, "audiences": [AUDIENCE], "algorithms": ["EdDSA"], "jwks_url": issuer.url}
        config = {
            "supergraph": "supergraph.graphql",
            "subgraphs": {"people": {"url": f"http://{people}/"}, "posts": {"url": f"http://{posts}/"}},
            "jwt": {"issuers": [accepted], "leeway_s": 0},
        }
        (tmp_path / "router.yaml").write_text(json.dumps(config))
        starting = serve("--config", tmp_path / "router.yaml", "--port", "0")
        process, url = await asyncio.to_thread(starting.__enter__)
        try:
            host, _, port = url.removeprefix("http://").removesuffix("/graphql").partition(":")
            yield Fortress(psutil.Process(process.pid), host, int(port))
        finally:
            process.kill()
            await asyncio.to_thread(starting.__exit__, None, None, None)


async def refuted(fortress: Fortress, attack: Attack) -> str | None:
    """What is wrong with the answer to an attack; None where it is as it must be."""
    try:
        answer = await send(fortress.host, fortress.port, attack.raw)
    except TimeoutError:
        return f"{attack.name}: no answer in time"
    if answer.status not in attack.statuses:
        return f"{attack.name}: status {answer.status}, {answer.body[:200]!r}"
    if attack.code is not None and attack.code not in answer.codes:
        return f"{attack.name}: {answer.codes} in place of {attack.code}, {answer.body[:200]!r}"
    if b"Traceback" in answer.body or b"INTERNAL_SERVER_ERROR" in answer.body:
        return f"{attack.name}: a fault of ours, {answer.body[:200]!r}"
    return None


async def test_hostile_requests_are_refused_and_good_ones_served(fortress: Fortress) -> None:
    """Each attack gets its documented error in time; after each the next good request is served; memory stays bounded."""
    assert len(ATTACKS) >= 200
    assert await fortress.serves()
    before = fortress.process.memory_info().rss

    wrong = []
    for attack in ATTACKS:
        wrong.append(await refuted(fortress, attack))
        assert await fortress.serves(), attack.name

    assert not any(wrong), "\n".join(line for line in wrong if line)
    assert fortress.process.memory_info().rss - before < GROWTH_BYTES_MAX


async def test_many_attacks_at_once_leave_it_standing(fortress: Fortress) -> None:
    """All of them, forty at a time."""
    gate = asyncio.Semaphore(40)

    async def attack(one: Attack) -> None:
        async with gate:
            with suppress(TimeoutError):  # forty at a time may take longer than one alone
                await send(fortress.host, fortress.port, one.raw)

    before = fortress.process.memory_info().rss
    async with asyncio.TaskGroup() as tasks:
        for one in ATTACKS:
            tasks.create_task(attack(one))
    assert await fortress.serves()
    assert fortress.process.memory_info().rss - before < 2 * GROWTH_BYTES_MAX
