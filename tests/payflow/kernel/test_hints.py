"""Hints: in one process and over Redis, one contract; and what happens when Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from payflow.dev.testing import TestValkey, free_port
from payflow.kernel import hints as module
from payflow.kernel.errors import SettingsError
from payflow.kernel.hints import Hint, Hints, MemoryHints, RedisHints


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Redis' address, None for hints in memory. Not async: the server's fixture runs a loop of its own."""
    return None if request.param == "memory" else request.getfixturevalue("valkey_server").url


@pytest.fixture
async def pair(url: str | None) -> AsyncIterator[tuple[Hints, Hints]]:
    """Who tells and who listens: two processes over Redis, one without."""
    if url is None:
        memory = MemoryHints()
        yield memory, memory
        return
    speaker, listener = RedisHints(url), RedisHints(url)
    yield speaker, listener
    await speaker.close()
    await listener.close()


@pytest.fixture
def subject() -> str:
    return f"notifications:{uuid4()}"


async def rung(hint: Hint, *, within_s: float = 3) -> bool:
    """Whether the bell rings in time; the first ring of a new Redis subscription is let pass by `settled`."""
    try:
        await asyncio.wait_for(hint.wait(), within_s)
    except TimeoutError:
        return False
    return True


async def settled(hint: Hint, hints: Hints, subject: str) -> None:
    """Wait until the subscription stands: over Redis it rings once then, since anything may have happened before."""
    hints.publish(subject)
    assert await rung(hint, within_s=10)
    while await rung(hint, within_s=0.3):
        pass


async def test_who_listens_is_rung(pair: tuple[Hints, Hints], subject: str) -> None:
    """Everybody who listens to the subject is, whoever tells."""
    speaker, listener = pair
    async with listener.listen(subject) as one, listener.listen(subject) as two:
        await settled(one, speaker, subject)
        await settled(two, speaker, subject)
        while await rung(one, within_s=0.3):
            pass

        speaker.publish(subject)

        assert await rung(one)
        assert await rung(two)


async def test_others_are_not(pair: tuple[Hints, Hints], subject: str) -> None:
    """Another subject rings nobody here."""
    speaker, listener = pair
    async with listener.listen(subject) as hint:
        await settled(hint, speaker, subject)

        speaker.publish(f"{subject}0")

        assert not await rung(hint, within_s=0.3)


async def test_rings_while_nobody_waits_are_kept_as_one(pair: tuple[Hints, Hints], subject: str) -> None:
    """A ring during the reader's work is found by its next wait; a hundred of them are one."""
    speaker, listener = pair
    behind = f"{subject}-behind"
    async with listener.listen(subject) as hint, listener.listen(behind) as last:
        await settled(hint, speaker, subject)
        await settled(last, speaker, behind)
        for _ in range(100):
            speaker.publish(subject)
        speaker.publish(behind)
        assert await rung(last)

        assert await rung(hint)
        assert not await rung(hint, within_s=0.3)


async def test_telling_nobody_is_fine(pair: tuple[Hints, Hints], subject: str) -> None:
    """A subject without listeners is no error."""
    pair[0].publish(subject)
    await asyncio.sleep(0.05)


async def test_closing_under_a_listener_is_fine(subject: str) -> None:
    """At the end of a process listeners and hints go in any order."""
    hints = MemoryHints()
    async with hints.listen(subject):
        await hints.close()


async def test_nothing_is_left_of_listeners(subject: str) -> None:
    """Who stops listening is forgotten, and so is a subject without listeners."""
    hints = MemoryHints()
    async with hints.listen(subject), hints.listen(subject):
        assert len(hints._listeners[subject]) == 2

    assert hints._listeners == {}


async def test_without_a_ring_a_wait_ends_by_itself(subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits looks again every REREAD_S."""
    monkeypatch.setattr(module, "REREAD_S", 0.05)
    async with MemoryHints().listen(subject) as hint:
        assert await rung(hint, within_s=1)


async def test_redis_away_raises_nothing(subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telling and listening go on without Redis; only the bell stays silent."""
    monkeypatch.setattr(module, "RECONNECT_S", 0.05)
    hints = RedisHints(f"redis://127.0.0.1:{free_port()}/0")
    async with hints.listen(subject) as hint:
        hints.publish(subject)
        assert not await rung(hint, within_s=0.5)
    await hints.close()


async def test_a_new_connection_rings_everybody(valkey_server: TestValkey, subject: str) -> None:
    """What was told while the connection was gone cannot be known, so everybody looks again."""
    hints = RedisHints(valkey_server.url)
    async with hints.listen(subject) as hint:
        await settled(hint, hints, subject)
        async with RedisHints(valkey_server.url)._redis as admin:
            await admin.client_kill_filter(_type="pubsub")

        assert await rung(hint, within_s=5)
    await hints.close()


async def test_what_is_told_while_a_subscription_is_on_its_way_is_not_missed(subject: str) -> None:
    """Redis may take its time over it, and passes nothing on before: everybody looks again once it stands, not when it was asked for."""
    asked, may_stand = asyncio.Event(), asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(4096):
            if b"SUBSCRIBE" in said:
                asked.set()
                await may_stand.wait()
                writer.write(b"*3\r\n$9\r\nsubscribe\r\n$13\r\npayflow:hints\r\n:1\r\n")
            writer.write(b"+OK\r\n" * said.count(b"SETINFO"))
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    hints = RedisHints(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0?protocol=2")
    async with server, hints.listen(subject) as hint, asyncio.timeout(20):
        await asked.wait()
        assert not await rung(hint, within_s=0.1)
        may_stand.set()

        assert await rung(hint, within_s=10)
        await hints.close()


async def test_a_connection_that_has_gone_silent_is_given_up(subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that takes the subscription and never says another word, as one behind a cut cable, is connected to anew."""
    for name in ("SILENCE_S", "RECONNECT_S"):
        monkeypatch.setattr(module, name, 0.1)
    subscriptions = 0

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal subscriptions
        while said := await reader.read(4096):
            if b"SUBSCRIBE" in said:
                subscriptions += 1
                writer.write(b"*3\r\n$9\r\nsubscribe\r\n$13\r\npayflow:hints\r\n:1\r\n")
            elif b"PING" not in said:
                writer.write(b"+OK\r\n" * said.count(b"SETINFO"))
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    hints = RedisHints(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0?protocol=2")
    async with server, hints.listen(subject) as hint, asyncio.timeout(10):
        while subscriptions < 3:
            assert await rung(hint)
        await hints.close()


async def test_silence_alone_is_no_loss(
    valkey_server: TestValkey, subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is told for long Redis is asked, and answers: the connection stays, and nobody is woken for it."""
    monkeypatch.setattr(module, "SILENCE_S", 0.3)
    hints = RedisHints(valkey_server.url)
    async with hints.listen(subject) as hint:
        await settled(hint, hints, subject)

        assert not await rung(hint, within_s=1)
        hints.publish(subject)
        assert await rung(hint)
    await hints.close()


async def test_what_nobody_understands_silences_no_bell(valkey_server: TestValkey, subject: str) -> None:
    """A message that is no hint rings nobody, and hints go on behind it."""
    hints = RedisHints(valkey_server.url)
    async with hints.listen(subject) as hint:
        await settled(hint, hints, subject)
        async with RedisHints(valkey_server.url)._redis as stranger:
            await stranger.publish("payflow:hints", b"\xff\xfe")

        assert not await rung(hint, within_s=0.3)
        hints.publish(subject)
        assert await rung(hint)
    await hints.close()


def test_a_wrong_url_is_a_setting() -> None:
    """What is no Redis URL is said at start, by the variable's name."""
    with pytest.raises(SettingsError, match=r"^PAYFLOW_REDIS_URL is not valid"):
        RedisHints("http://localhost")


async def test_a_waiter_is_cancelled_even_as_the_bell_rings() -> None:
    """Whoever leaves just when there is news has left: a wait that went on would hold a subscription for ever."""
    hint = Hint()
    waiting = asyncio.create_task(hint.wait())
    await asyncio.sleep(0)

    hint.ring()
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
