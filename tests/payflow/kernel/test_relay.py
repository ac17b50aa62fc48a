"""The relay as a whole: every committed event reaches the broker, in order per key, once unless something was lost, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from consumers.memory import MemoryPublisher
from payflow.kernel import metrics, sequencer, sink
from payflow.kernel import relay as module
from payflow.kernel import relay_gauges as gauges
from payflow.kernel.background import running
from payflow.kernel.failpoints import armed
from payflow.kernel.publisher import Position, Record
from tests.payflow.kernel.telling import LEADERS, Flaky, Hanging, Teller, end_leaders

POINTS = (
    "relay.sequencing",
    "relay.sequenced",
    "relay.before_publish",
    "relay.after_publish",
    "relay.marking",
    "relay.marked",
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_BASE_S", 0.01)
    monkeypatch.setattr(module, "BACKOFF_MAX_S", 0.05)
    monkeypatch.setattr(module, "FOLLOW_S", 0.05)
    monkeypatch.setattr(sequencer, "POLL_S", 0.2)
    monkeypatch.setattr(sink, "POLL_S", 0.2)


async def test_an_event_is_on_its_way_with_its_commit(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit wakes the sequencer and that the sink: nobody waits for the next poll."""
    monkeypatch.setattr(sequencer, "POLL_S", 60)
    monkeypatch.setattr(sink, "POLL_S", 60)
    async with running(teller.woken_relay().run(), name="relay"):
        await asyncio.sleep(0.3)

        await teller.add("a", "b")

        await teller.until_published("a", "b")
        await teller.until_told()


async def test_rows_of_other_processes_are_found(teller: Teller) -> None:
    """An event that another process wrote is published by the next poll."""
    async with running(teller.relay().run(), name="relay"):
        await teller.add("theirs")
        await teller.until_published("theirs")


async def test_a_broker_that_is_away_stops_nobody(teller: Teller) -> None:
    """Events are sequenced while they wait, and leave once the broker is back."""
    teller.broker.away = True
    async with running(teller.woken_relay().run(), name="relay"):
        await teller.add("a")
        async with asyncio.timeout(10):
            while await teller.sequenced() != [(1, "a")]:
                await asyncio.sleep(0.01)
        assert await teller.pending() == 1

        teller.broker.away = False
        await teller.until_published("a")


async def test_lost_acknowledgements_repeat_and_lose_nothing(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent and not acknowledged is sent again: at least once, never none; the order of first sight holds."""
    monkeypatch.setattr(sink, "BATCH_MAX", 2)
    names = [str(number) for number in range(6)]
    await teller.add(*names)

    async with running(teller.relay(Flaky(teller.broker)).run(), name="relay"):
        await teller.until_told()

    log = await teller.published()
    assert len(log) > 6
    assert list(dict.fromkeys(log)) == names


class Buggy(MemoryPublisher):
    """Fails once in a way nobody foresaw."""

    failed = False

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        if not self.failed:
            self.failed = True
            raise KeyError("bug")
        return await super().publish(records)


class Speechless(MemoryPublisher):
    """Fails once with an error that has no message, as time-outs do."""

    failed = False

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        if not self.failed:
            self.failed = True
            raise TimeoutError
        return await super().publish(records)


@pytest.mark.parametrize("publisher", [Buggy, Speechless])
async def test_no_error_ends_the_relay(teller: Teller, publisher: type[MemoryPublisher]) -> None:
    """Whatever is raised is logged and tried again."""
    await teller.add("a")

    async with running(teller.relay(publisher(teller.broker)).run(), name="relay"):
        await teller.until_published("a")


async def test_one_of_many_leads(teller: Teller) -> None:
    """Three relays on one outbox publish each event once: the one that holds the lock works."""
    names = [str(number) for number in range(60)]
    async with (
        running(teller.relay().run(), name="1"),
        running(teller.woken_relay().run(), name="2"),
        running(teller.relay().run(), name="3"),
    ):
        for name in names:
            await teller.add(name)
        await teller.until_published(*names)
        await asyncio.sleep(0.3)

    assert await teller.published() == names


async def test_the_lead_passes_on(teller: Teller) -> None:
    """Where the leader ends, another takes over."""
    async with running(teller.relay().run(), name="leader"):
        await teller.add("a")
        await teller.until_published("a")
        follower = running(teller.relay().run(), name="follower")
        await follower.__aenter__()
    await teller.add("b")

    await teller.until_published("b")
    await follower.__aexit__(None, None, None)


async def test_a_lost_session_is_a_lost_lead(teller: Teller) -> None:
    """Ended on the database's side, the session takes the lock with it; the relay notices, and leads again."""
    async with running(teller.relay().run(), name="relay"):
        await teller.add("a")
        await teller.until_published("a")
        await teller.until_told()
        async with teller.database.read() as connection:
            assert await end_leaders(connection) == 1

        await teller.add("b")
        await teller.until_published("b")

    assert await teller.published() == ["a", "b"]


@pytest.mark.parametrize("point", POINTS)
async def test_the_lead_is_lost_at_any_point(teller: Teller, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader hangs somewhere, loses its session meanwhile and wakes up late: another has gone on; nothing is lost or out of order."""
    await teller.add("a", "b")
    with armed(f"{point}=hang"):
        async with running(teller.relay().run(), name="late"):
            await asyncio.sleep(0.5)
            async with teller.database.read() as connection:
                await end_leaders(connection)
            with armed(""):  # lets go of who hangs there: with his lead lost
                async with running(teller.relay().run(), name="next"):
                    await teller.add("c")
                    await teller.until_told()

    log = await teller.published()
    assert list(dict.fromkeys(log)) == ["a", "b", "c"]
    assert await teller.sequenced() == [(1, "a"), (2, "b"), (3, "c")]


async def test_who_hangs_at_the_broker_gives_up_the_lead(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that never answers costs its relay the lead in a bounded time, and another one publishes."""
    monkeypatch.setattr(sink, "BROKER_S", 0.2)
    monkeypatch.setattr(module, "BACKOFF_BASE_S", 5.0)
    monkeypatch.setattr(module, "BACKOFF_MAX_S", 5.0)
    async with running(teller.woken_relay(Hanging(teller.broker)).run(), name="hangs"):
        await teller.add("a")
        await asyncio.sleep(0.2)
        async with running(teller.relay().run(), name="follows"):
            await teller.until_published("a")
            await teller.until_told()


async def test_who_stands_still_loses_the_lead(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader that has not used its session for LEASE_S, as one whose process is stopped, is ended by the server."""
    monkeypatch.setattr(module, "LEASE_S", 1)
    monkeypatch.setattr(sequencer, "POLL_S", 3600)
    async with running(teller.relay().run(), name="stands still"):
        await teller.add("a")
        await teller.until_published("a")
        monkeypatch.setattr(sequencer, "POLL_S", 0.1)
        await teller.add("b")
        async with running(teller.relay().run(), name="follows"):
            await teller.until_published("b")


async def test_a_lead_ends_with_its_session(teller: Teller) -> None:
    """A relay that was cancelled leaves neither a lock nor a session with a time limit in the pool."""
    async with running(teller.relay().run(), name="relay"):
        await teller.add("a")
        await teller.until_told()
    async with teller.database.session() as session:
        async with asyncio.timeout(5):
            while await session.scalar(text(f"SELECT count(*) FROM ({LEADERS}) AS leader")):
                await asyncio.sleep(0.01)
        assert await session.scalar(text("SHOW idle_session_timeout")) == "0"


class Stubborn(MemoryPublisher):
    """Never answers, and fails when told to end."""

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise KeyError("bug") from None
        raise AssertionError


async def test_a_relay_that_is_told_to_end_ends(teller: Teller) -> None:
    """Also where something fails on the way out."""
    await teller.add("a")
    relaying = asyncio.create_task(teller.relay(Stubborn(teller.broker)).run())
    async with asyncio.timeout(10):
        while not await teller.sequenced():
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)

    relaying.cancel()

    done, _ = await asyncio.wait({relaying}, timeout=10)
    assert done == {relaying}
    assert relaying.cancelled()


async def test_a_log_lost_while_nobody_relayed_is_noticed_at_the_start(teller: Teller) -> None:
    """A new process knows from the cursor what the broker acknowledged to another one."""
    await teller.tell("a", "b")
    teller.broker.wipe()

    async with running(teller.relay().run(), name="relay"):
        await teller.until_published("a", "b")


async def test_a_log_lost_under_a_quiet_relay_is_noticed_by_the_clock(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is written either, the next look finds it."""
    monkeypatch.setattr(sink, "LOSS_CHECK_S", 0.2)
    async with running(teller.relay().run(), name="relay"):
        await teller.add("a", "b")
        await teller.until_published("a", "b")
        await teller.until_told()
        teller.broker.wipe()

        await teller.until_published("a", "b")


async def test_the_leader_says_how_far_it_is_behind(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and positions that wait, and since when; who leads no longer says nothing."""
    monkeypatch.setattr(gauges, "EVERY_S", 0.02)
    teller.broker.away = True
    await teller.add("a", "b")

    def said(name: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"service": "test"})

    async with running(teller.relay().run(), name="relay"):
        async with asyncio.timeout(10):
            while said("payflow_sink_lag") != 2 or not said("payflow_sink_lag_seconds"):
                await asyncio.sleep(0.005)
        assert said("payflow_outbox_pending") == 0

    assert said("payflow_sink_lag") is None


async def test_the_leader_shows_what_a_long_transaction_holds_back(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that were moved and cannot be cleared away, and how long passes take that walk over them."""
    monkeypatch.setattr(gauges, "EVERY_S", 0.02)
    await teller.add(*"abcdef")
    async with teller.database.session() as session:
        assert await teller.relay().sequencer.sequence_batch(session) == 6
        await session.execute(text("SELECT pg_stat_force_next_flush()"))

    def said(name: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"service": "test"})

    passes = said("payflow_sequence_seconds_count") or 0
    async with running(teller.relay().run(), name="relay"):
        async with asyncio.timeout(10):
            while said("payflow_outbox_dead_rows") != 6 or (said("payflow_sequence_seconds_count") or 0) <= passes:
                await asyncio.sleep(0.005)

    assert said("payflow_outbox_dead_rows") is None


async def test_who_cannot_measure_relays_all_the_same(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at the backlog that fails costs nobody the lead."""
    monkeypatch.setattr(gauges, "EVERY_S", 0.01)
    monkeypatch.setattr(gauges, "_BACKLOG", text("SELECT 1 / 0"))
    failures = metrics.OUTBOX_FAILURES.labels("test")._value.get()

    async with running(teller.relay().run(), name="relay"):
        await teller.add("a")
        await teller.until_published("a")
        await asyncio.sleep(0.1)

    assert metrics.OUTBOX_FAILURES.labels("test")._value.get() == failures


async def test_a_lead_that_lasted_forgets_earlier_failures(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses grow with failures in a row: one that comes after a long quiet costs no more than the very first."""
    counted: list[int] = []

    def pause_s(failures: int, **_: float) -> float:
        counted.append(failures)
        return 0.01

    monkeypatch.setattr(module, "full_jitter_s", pause_s)
    teller.broker.away = True
    await teller.add("a")
    async with running(teller.relay().run(), name="relay"), asyncio.timeout(30):
        while len(counted) < 3:
            await asyncio.sleep(0.01)
        teller.broker.away = False
        monkeypatch.setattr(module, "STEADY_S", 0.2)
        await teller.until_told()
        await asyncio.sleep(0.3)
        before = len(counted)
        async with teller.database.read() as connection:
            await end_leaders(connection)
        while len(counted) == before:
            await asyncio.sleep(0.01)

    assert counted[:3] == [1, 2, 3]
    assert counted[before] == 1
