"""The sequencer: every committed event gets the next position, in the order of its key, whoever commits late and whoever dies."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from payflow.kernel import sequencer as module
from payflow.kernel.failpoints import FailpointReached, armed
from payflow.kernel.ids import new_id
from payflow.kernel.publisher import Record
from tests.payflow.kernel.telling import TOPIC, Teller


async def test_positions_are_dense(teller: Teller) -> None:
    """However the events come, their positions are 1, 2, 3 …; what rolled back leaves no gap."""
    await teller.add("a", "b")
    async with teller.database.unit_of_work() as work:
        await teller.outbox.add(work, event_id=new_id(), record=Record(TOPIC, "k", {"name": "never"}))
        await work.connection.rollback()
    await teller.sequence()
    await teller.add("c")

    assert await teller.sequence() == 1
    assert await teller.sequenced() == [(1, "a"), (2, "b"), (3, "c")]


async def test_who_commits_late_is_not_skipped(teller: Teller) -> None:
    """A transaction that took its id first and committed last stands behind what was sequenced meanwhile."""
    async with teller.database.unit_of_work() as work:
        await teller.outbox.add(work, event_id=new_id(), record=Record(TOPIC, "slow", {"name": "early id"}))
        await teller.add("late id", key="fast")
        assert await teller.sequence() == 1

    assert await teller.sequence() == 1
    assert await teller.sequenced() == [(1, "late id"), (2, "early id")]


async def test_two_that_commit_in_the_other_order(teller: Teller) -> None:
    """Of two open transactions the one with the higher ids commits first; neither waits for the other, neither is lost."""
    async with teller.database.unit_of_work() as first:
        await teller.outbox.add(first, event_id=new_id(), record=Record(TOPIC, "x", {"name": "x1"}))
        async with teller.database.unit_of_work() as second:
            await teller.outbox.add(second, event_id=new_id(), record=Record(TOPIC, "y", {"name": "y1"}))
            await teller.outbox.add(first, event_id=new_id(), record=Record(TOPIC, "x", {"name": "x2"}))
            assert await teller.sequence() == 0
        assert await teller.sequence() == 1
    assert await teller.sequence() == 2

    assert await teller.sequenced() == [(1, "y1"), (2, "x1"), (3, "x2")]


async def test_order_is_kept_over_batches(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large the backlog, events are sequenced in the order they were written."""
    monkeypatch.setattr(module, "BATCH_MAX", 7)
    names = [str(number) for number in range(50)]
    await teller.add(*names)

    assert await teller.sequence() == 50
    assert await teller.sequenced() == list(enumerate(names, start=1))


async def test_order_per_key_under_concurrency(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten writers under the locks of three rows, while a sequencer runs: each key's events stand in the order of its commits."""
    monkeypatch.setattr(module, "POLL_S", 0.01)
    draw = random.Random(11)
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("CREATE TABLE thing (key text PRIMARY KEY, version int NOT NULL)"))
        await work.connection.execute(text("INSERT INTO thing VALUES ('a', 0), ('b', 0), ('c', 0)"))

    async def change(key: str) -> None:
        async with teller.database.unit_of_work() as work:
            version = await work.connection.scalar(
                text("UPDATE thing SET version = version + 1 WHERE key = :key RETURNING version"), {"key": key}
            )
            await teller.outbox.add(work, event_id=new_id(), record=Record(TOPIC, key, {"name": f"{key}{version}"}))
            await asyncio.sleep(draw.random() / 200)

    async def write() -> None:
        for _ in range(12):
            await change(draw.choice("abc"))

    sequencer = teller.relay().sequencer
    async with teller.database.session() as session:
        running = asyncio.create_task(sequencer.run(session))
        await asyncio.gather(*(write() for _ in range(6)))
        async with asyncio.timeout(10):
            while len(await teller.sequenced()) < 72:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    told = [name for _, name in await teller.sequenced()]
    for key in "abc":
        of_key = [int(name[1:]) for name in told if name[0] == key]
        assert of_key == list(range(1, len(of_key) + 1))


async def test_an_event_has_one_id(teller: Teller) -> None:
    """The same event cannot be written twice while it waits."""
    event_id = new_id()

    async def write() -> None:
        async with teller.database.unit_of_work() as work:
            await teller.outbox.add(work, event_id=event_id, record=Record(TOPIC, "k", {}))

    await write()
    with pytest.raises(IntegrityError):
        await write()


async def test_an_event_that_was_sequenced_is_not_told_again(teller: Teller) -> None:
    """Written once more under its id, after it was sequenced, it is left out, and holds nobody up."""
    event_id = new_id()
    for _ in range(2):
        async with teller.database.unit_of_work() as work:
            await teller.outbox.add(work, event_id=event_id, record=Record(TOPIC, "k", {"name": "once"}))
        await teller.add("another")
        await teller.sequence()

    assert await teller.sequenced() == [(1, "once"), (2, "another"), (3, "another")]


async def test_two_sequencers_at_once_lose_and_double_nothing(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a lost leader not know it yet: one of the two fails, or finds nothing; positions stay dense."""
    monkeypatch.setattr(module, "BATCH_MAX", 20)
    await teller.add(*map(str, range(200)))

    async def sequence() -> None:
        async with asyncio.timeout(10):
            while await teller.pending() > len(await teller.sequenced()) or not await teller.sequenced():
                try:
                    await teller.sequence()
                except DBAPIError:
                    continue

    await asyncio.gather(sequence(), sequence())
    await teller.sequence()

    assert await teller.sequenced() == list(enumerate(map(str, range(200)), start=1))


@pytest.mark.parametrize("point", ["relay.sequencing", "relay.sequenced"])
async def test_a_fault_at_the_commit_loses_and_doubles_nothing(teller: Teller, point: str) -> None:
    """Before the commit nothing has moved, after it everything; in between there is nothing."""
    await teller.add("a", "b")
    with armed(f"{point}=raise"), pytest.raises(FailpointReached):
        await teller.sequence()
    await teller.sequence()

    assert await teller.sequenced() == [(1, "a"), (2, "b")]
    async with teller.database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM outbox")) == 0


async def test_positions_go_on_where_everything_was_purged(teller: Teller) -> None:
    """A position is never given twice, though nothing is left of what had it."""
    await teller.tell("a", "b")
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("DELETE FROM event_log"))
    await teller.tell("c")

    assert await teller.sequenced() == [(3, "c")]
    assert await teller.published() == ["a", "b", "c"]
