"""What a Redis that is slow, gone or full costs those who ask it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic, sleep
from typing import Any

import pytest
from structlog.testing import capture_logs

from router import limits
from router.config import RedisSettings
from router.errors import RedisUnavailable
from router.redis_link import RedisLink


@asynccontextmanager
async def linked(url: str, *, timeout_s: float = 10) -> AsyncIterator[RedisLink]:
    link = RedisLink(RedisSettings(url=url, timeout_s=timeout_s))
    try:
        yield link
    finally:
        await link.close()


@asynccontextmanager
async def hanging_server() -> AsyncIterator[str]:
    """Accepts connections and never says a word."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_hanging_server_costs_one_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks first waits for the time-out; the hundred after that are told at once."""
    async with hanging_server() as url, linked(url, timeout_s=0.05) as link:
        started_at = monotonic()
        with pytest.raises(RedisUnavailable, match=r"no answer within 0\.05 s"):
            await link.ask(lambda client: client.get("key"))
        first_s = monotonic() - started_at

        started_at = monotonic()
        for _ in range(100):
            with pytest.raises(RedisUnavailable, match="outage"):
                await link.ask(lambda client: client.get("key"))
        rest_s = monotonic() - started_at

    assert 0.05 <= first_s < 1
    assert rest_s < 100 * 0.05 / 2


async def test_an_outage_is_told_once_and_ends_by_itself(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line in the log says that it begins and one that it is over, however many ask meanwhile."""
    monkeypatch.setattr(limits, "REDIS_RETRY_S", 0.02)
    broken = True

    async def command(client: Any) -> bytes:
        if broken:
            raise OSError("the network is down")
        answer: bytes = await client.ping()
        return answer

    async with linked(redis_url) as link:
        with capture_logs() as lines:
            for _ in range(5):
                with pytest.raises(RedisUnavailable):
                    await link.ask(command)
            broken = False
            async with asyncio.timeout(10):
                while not link.is_up:
                    with pytest.raises(RedisUnavailable):
                        await link.ask(command)
                    await asyncio.sleep(0.01)
            assert await link.ask(command)

    assert [line["event"] for line in lines] == ["redis is unavailable: doing without it", "redis answers again"]
    assert lines[0]["reason"] == "OSError: the network is down"


async def test_a_server_that_takes_no_writes_stays_away(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers a ping yet refuses to write, because it is full, is not taken for well."""
    monkeypatch.setattr(limits, "REDIS_RETRY_S", 0.01)
    async with linked(redis_url) as healthy, linked(redis_url) as link:
        before = await healthy.ask(lambda client: client.config_get("maxmemory"))
        await healthy.ask(lambda client: client.config_set("maxmemory", 1))
        try:
            with pytest.raises(RedisUnavailable, match="OutOfMemory"):
                await link.ask(lambda client: client.set("key", "value"))
            for _ in range(5):
                await asyncio.sleep(0.02)
                with pytest.raises(RedisUnavailable, match="outage"):
                    await link.ask(lambda client: client.get("key"))
        finally:
            await healthy.ask(lambda client: client.config_set("maxmemory", before["maxmemory"] or 0))


async def test_a_loop_that_was_held_up_is_not_an_outage(redis_url: str) -> None:
    """An answer that came in time is taken, even where this process had no time to read it before the time-out."""
    async with linked(redis_url, timeout_s=10) as link:
        await link.ask(lambda client: client.set("key", "value"))
        asked = asyncio.ensure_future(link.ask(lambda client: client.get("key"), timeout_s=0.05))
        await asyncio.sleep(0)  # it has begun …
        asyncio.get_running_loop().call_soon(sleep, 0.2)  # … and now nothing else runs

        assert await asked == b"value"
        assert link.is_up


async def test_who_gives_up_does_not_make_an_outage() -> None:
    """A request that is cancelled while Redis takes its time says nothing of Redis."""
    async with hanging_server() as url, linked(url, timeout_s=5) as link:
        asked = asyncio.ensure_future(link.ask(lambda client: client.get("key")))
        await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

        assert link.is_up
