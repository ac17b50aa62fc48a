"""The sink: what stands in the event log goes to the broker in order, and again whatever the broker lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from consumers.memory import MemoryBroker, MemoryPublisher
from payflow.kernel import event_log, metrics
from payflow.kernel import sink as module
from payflow.kernel.background import running
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.failpoints import FailpointReached, armed
from payflow.kernel.publisher import Partition, Position, Record
from payflow.kernel.sink_cursor import Overtaken
from tests.payflow.kernel.telling import TOPIC, Flaky, Hanging, Stopping, Teller


async def test_order_is_kept_over_batches(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is behind the cursor, a key's events leave in the order of their positions."""
    monkeypatch.setattr(module, "BATCH_MAX", 7)
    names = [str(number) for number in range(50)]
    cursor = await teller.tell(*names)

    assert cursor.pos == 50
    assert await teller.published() == names


async def test_a_cursor_goes_on_where_it_stands(teller: Teller) -> None:
    """A new process publishes what is behind the cursor and nothing before it."""
    await teller.tell("a", "b")
    cursor = await teller.tell("c")

    assert (cursor.pos, cursor.epoch) == (3, 2)
    assert [(mark.offset, mark.pos) for mark in cursor.marks.values()] == [(2, 3)]
    assert await teller.published() == ["a", "b", "c"]


async def test_who_was_overtaken_moves_nothing(teller: Teller) -> None:
    """A leader who slept through the loss of his lead may publish a batch again, and cannot move the cursor."""
    await teller.add("a", "b")
    await teller.sequence()
    stale = await teller.relay().sink.lead()
    cursor = await teller.publish()

    with pytest.raises(Overtaken):
        await teller.publish(cursor=stale)
    teller.broker.wipe()
    with pytest.raises(Overtaken):
        await teller.relay().sink.check(stale.__class__(sink="kafka", pos=2, epoch=stale.epoch, marks=cursor.marks))
    assert (await teller.relay().sink.lead()).pos == 2


async def test_it_stops_at_the_first_that_failed(teller: Teller) -> None:
    """What was acknowledged before is not sent again; it goes on from the one that was not."""
    await teller.add(*"abcde")
    await teller.sequence()
    relay = teller.relay(Stopping(teller.broker))
    sink = relay.sink
    cursor = await sink.lead()

    cursor = await sink.publish_batch(cursor)

    assert cursor.pos == 2
    assert (await teller.publish(relay, cursor)).pos == 5
    assert await teller.published() == [*"abcde"]


async def test_without_any_acknowledgement_the_cursor_stands(teller: Teller) -> None:
    """The error is the caller's, and the next try sends the same."""
    await teller.add("a")
    await teller.sequence()
    with pytest.raises(DependencyUnavailable):
        await teller.publish(teller.relay(Flaky(teller.broker)))

    assert (await teller.publish()).pos == 1
    assert await teller.published() == ["a", "a"]


async def test_a_publisher_that_hangs_is_given_up(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past BROKER_S the sink ends, and says why."""
    monkeypatch.setattr(module, "BROKER_S", 0.05)
    await teller.add("a")
    await teller.sequence()

    with pytest.raises(DependencyUnavailable, match=r"^The broker hangs: no answer within 0\.05 s$"):
        await teller.publish(teller.relay(Hanging(teller.broker)))


async def test_a_lost_log_is_published_again(teller: Teller) -> None:
    """A broker that comes back empty gets everything that is retained, in its order; that is counted."""
    names = [str(number) for number in range(10)]
    cursor = await teller.tell(*names)
    relay = teller.relay()
    teller.broker.wipe()
    before = metrics.OUTBOX_REWINDS.labels("test")._value.get()

    rewound = await relay.sink.check(await relay.sink.lead())
    assert (cursor.pos, rewound.pos, rewound.marks) == (10, 0, {})
    assert metrics.OUTBOX_REWINDS.labels("test")._value.get() - before == 10

    cursor = await teller.publish(relay, rewound)
    assert await teller.published() == names
    assert await relay.sink.check(cursor) == cursor


async def test_rewinding_begins_with_what_is_retained(teller: Teller) -> None:
    """What was purged is gone; the rest is told again, and not one position besides."""
    await teller.tell(*"abcde")
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("DELETE FROM event_log WHERE pos <= 2"))
    teller.broker.wipe()
    relay = teller.relay()

    cursor = await relay.sink.check(await relay.sink.lead())

    assert cursor.pos == 2
    await teller.publish(relay, cursor)
    assert await teller.published() == [*"cde"]


async def test_where_nothing_is_retained_nothing_can_be_told_again(teller: Teller) -> None:
    """The cursor stays where it is."""
    await teller.tell("a", "b")
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("DELETE FROM event_log"))
    teller.broker.wipe()
    relay = teller.relay()

    assert (await relay.sink.check(await relay.sink.lead())).pos == 2


async def test_a_log_that_has_grown_again_is_noticed_by_its_acknowledgements(teller: Teller) -> None:
    """Lost and refilled between two looks: an offset that is acknowledged a second time gives it away."""
    cursor = await teller.tell("a", "b")
    relay = teller.relay()
    cursor = await relay.sink.lead()
    teller.broker.wipe()
    await teller.add(*"cdefg")
    await teller.sequence()

    cursor = await teller.publish(relay, cursor)

    assert cursor.pos == 7
    assert {*"abcdefg"} == set(await teller.published())
    assert await relay.sink.check(cursor) == cursor


async def test_a_log_that_outgrew_the_lost_one_is_noticed_by_its_records(teller: Teller) -> None:
    """Filled beyond the old end by somebody who died before he noted it: another record stands where our last one stood."""
    await teller.tell("a", "b")
    teller.broker.wipe()
    await teller.add(*"cdefg")
    await teller.sequence()
    dying = teller.relay()
    cursor = await dying.sink.lead()
    with armed("relay.after_publish=raise"), pytest.raises(FailpointReached):
        await dying.sink.publish_batch(cursor)

    relay = teller.relay()
    cursor = await relay.sink.check(await relay.sink.lead())
    assert cursor.pos == 0
    await teller.publish(relay, cursor)

    assert {*"abcdefg"} <= set(await teller.published())


class Mute(MemoryPublisher):
    """Says where its logs end, and lets nobody read in them; or says that it has let go of what was there."""

    says: Mapping[Partition, None] = MappingProxyType({})

    async def values_at(self, offsets: Mapping[Partition, int]) -> dict[Partition, dict[str, Any] | None]:
        return dict(self.says)


async def test_a_record_that_cannot_be_read_for_long_was_lost(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is busy may not answer for a moment, and is not told everything for that; silence that lasts is a loss."""
    await teller.tell("a", "b")
    sink = teller.relay(Mute(teller.broker)).sink
    cursor = await sink.lead()

    assert await sink.check(cursor) == cursor

    monkeypatch.setattr(module, "SILENCE_S", 0.0)
    assert (await sink.check(cursor)).pos == 0


async def test_a_record_that_the_brokers_retention_took_was_not_lost(teller: Teller) -> None:
    """Where the broker says that its log begins later, nothing is told again."""
    cursor = await teller.tell("a", "b")
    mute = Mute(teller.broker)
    mute.says = dict.fromkeys(cursor.marks)
    relay = teller.relay(mute)

    assert (await relay.sink.check(await relay.sink.lead())).pos == 2


class Hesitant(MemoryPublisher):
    """Does not know at first where its logs end."""

    asked = 0

    async def end_offsets(self, topic: str) -> dict[int, int]:
        self.asked += 1
        return await super().end_offsets(topic) if self.asked > 1 else {}


async def test_who_finds_something_lost_looks_twice(teller: Teller) -> None:
    """A broker that was slow for a moment is not told everything again."""
    await teller.tell("a", "b")
    relay = teller.relay(Hesitant(teller.broker))

    assert (await relay.sink.check(await relay.sink.lead())).pos == 2


async def test_a_log_that_is_whole_is_left_alone(teller: Teller) -> None:
    """Neither its end nor its records give a reason, also where all were published twice."""
    for key in map(str, range(20)):
        await teller.add("a", "b", key=key)
    await teller.sequence()
    relay = teller.relay(Flaky(teller.broker))
    cursor = await relay.sink.lead()
    with pytest.raises(DependencyUnavailable):
        await relay.sink.publish_batch(cursor)
    cursor = await relay.sink.publish_batch(cursor)

    assert await relay.sink.check(cursor) == cursor
    assert await teller.pending() == 0


async def test_one_lost_partition_is_enough(teller: Teller) -> None:
    """Everything that is retained is told again, in order, for nobody knows what else is gone; who was whole reads it twice."""
    keys = [str(number) for number in range(40)]
    for key in keys:
        await teller.add(key, key=key)
    await teller.sequence()
    relay = teller.relay()
    cursor = await teller.publish(relay)
    lost = next(at for at, log in teller.broker._logs.items() if log)
    gone = len(teller.broker._logs.pop(lost))

    rewound = await relay.sink.check(cursor)
    assert (rewound.pos, set(cursor.marks) - set(rewound.marks)) == (0, {lost})
    cursor = await teller.publish(relay, rewound)

    log = await teller.published()
    assert (len(log), set(log)) == (80 - gone, set(keys))
    assert await relay.sink.check(cursor) == cursor


@pytest.mark.parametrize("point", ["relay.before_publish", "relay.after_publish", "relay.marking", "relay.marked"])
async def test_a_fault_at_any_point_loses_nothing(teller: Teller, point: str) -> None:
    """What was published and not noted is published again; what was noted is not."""
    await teller.add("a", "b")
    await teller.sequence()
    with armed(f"{point}=raise"), pytest.raises(FailpointReached):
        await teller.publish()
    await teller.publish()

    copies = 2 if point in ("relay.after_publish", "relay.marking") else 1
    assert await teller.published() == ["a", "b"] * copies


async def test_old_events_are_forgotten(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was told longer ago than the retention is deleted, in batches; what a sink has yet to publish never is."""
    monkeypatch.setattr(event_log, "PURGE_BATCH", 2)
    await teller.tell("a", "b", "c", "d", "young")
    await teller.add("waiting")
    await teller.sequence()
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(
            text("UPDATE event_log SET sequenced_at = now() - interval '8 days' WHERE value ->> 'name' <> 'young'")
        )

    sink = teller.relay(retention=timedelta(days=7)).sink
    assert [await sink.purge() for _ in range(3)] == [2, 2, 0]
    assert await teller.sequenced() == [(5, "young"), (6, "waiting")]

    await teller.publish()
    assert await teller.relay(retention=timedelta(days=7)).sink.purge() == 0  # behind what is kept, in order


async def test_old_events_are_forgotten_while_others_are_told(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is old, what is new does not wait until all of that is deleted: it takes turns with it."""
    monkeypatch.setattr(event_log, "PURGE_BATCH", 1)
    monkeypatch.setattr(module, "BATCH_MAX", 1)
    await teller.tell(*"abc")
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("UPDATE event_log SET sequenced_at = now() - interval '8 days'"))
    await teller.add("new")
    await teller.sequence()
    turns: list[str] = []
    relay = teller.relay(Noting(teller.broker, turns), retention=timedelta(days=7))
    purge = event_log.purge

    async def noted(*arguments: Any, **named: Any) -> int:
        turns.append("deleted")
        return await purge(*arguments, **named)

    monkeypatch.setattr(event_log, "purge", noted)
    async with running(relay.sink.run(), name="sink"):
        await teller.until_told()

    assert turns[:2] == ["deleted", "new"]


class Noting(MemoryPublisher):
    """Notes what it publishes."""

    def __init__(self, broker: MemoryBroker, noted: list[str]) -> None:
        super().__init__(broker)
        self._noted = noted

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        self._noted += [record.value["name"] for record in records]
        return await super().publish(records)


async def test_a_deletion_that_fails_stops_nobody(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes too long over what is old has events published all the same."""

    async def cancelled(*_: object, **__: object) -> int:
        raise DBAPIError("DELETE", None, RuntimeError("canceling statement due to statement timeout"))

    monkeypatch.setattr(event_log, "purge", cancelled)
    await teller.add("a")
    await teller.sequence()
    async with running(teller.relay().sink.run(), name="sink"):
        await teller.until_published("a")
        await teller.until_told()


async def test_old_places_are_found_by_their_index(teller: Teller) -> None:
    """Among the batches of a month, those that go with some old events are not looked for one by one."""
    wanted = {"most": 10, "retention": timedelta(days=7), "batch": 499}
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await work.connection.scalars(text(f"EXPLAIN {event_log._PURGE.text}"), wanted)

    assert "Seq Scan on publication" not in "\n".join(plan)


async def test_places_at_the_broker_are_forgotten_with_the_events(teller: Teller) -> None:
    """A batch's row goes when the last of its events has gone."""
    await teller.tell("a", "b")
    await teller.tell("c")
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(
            text("UPDATE event_log SET sequenced_at = now() - interval '8 days' WHERE pos < 3")
        )

    await teller.relay(retention=timedelta(days=7)).sink.purge()

    async with teller.database.read() as connection:
        assert (await connection.scalars(text("SELECT first_pos FROM publication"))).all() == [3]


async def test_how_far_the_events_of_a_key_have_come(teller: Teller) -> None:
    """Recorded, sequenced, published: each with its time, and at last where the broker keeps it."""
    await teller.tell("other", key="other")
    await teller.tell("a", "b")
    await teller.add("c")
    await teller.sequence()
    await teller.add("d")
    async with teller.database.read() as connection:
        found = await event_log.passages(connection, "k")

    assert [(each.pos, each.is_published, each.offset) for each in found] == [
        (2, True, 0),
        (3, True, 1),
        (4, False, None),
        (None, False, None),
    ]
    partition = next(
        number for (topic, number), mark in (await teller.relay().sink.lead()).marks.items() if mark.pos == 3
    )
    assert {each.partition for each in found if each.is_published} == {partition}
    for each in found:
        assert each.topic == TOPIC
        assert (each.sequenced_at is None) == (each.pos is None)
        assert (each.published_at is None) == (not each.is_published)
        assert each.sequenced_at is None or each.created_at <= each.sequenced_at


async def test_of_each_key_the_newest_events_are_shown(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which they happened, sequenced or not; a key that has many takes nothing from the others."""
    monkeypatch.setattr(event_log, "SHOWN_MAX", 3)
    await teller.tell("a", "b", "c", "d", key="much")
    await teller.tell("e", key="little")
    await teller.add("f", key="much")
    await teller.add("g", "h", "i", "j", key="waiting")
    async with teller.database.read() as connection:
        found = await event_log.passages_of(connection, ["much", "little", "waiting", "much", "none"])
        newest = await connection.scalars(
            text("SELECT event_id FROM outbox WHERE key = 'waiting' ORDER BY id OFFSET 1")
        )

    assert {key: [each.pos for each in of_key] for key, of_key in found.items()} == {
        "much": [3, 4, None],
        "little": [5],
        "waiting": [None, None, None],
    }
    assert [each.event_id for each in found["waiting"]] == newest.all()


async def test_the_newest_events_of_a_key_are_found_by_their_index(teller: Teller) -> None:
    """Neither the log nor the batches are read to show a few events."""
    asked = {"keys": ["k"], "sink": "kafka", "batch": 499, "most": 100}
    async with teller.database.unit_of_work() as work:
        await work.connection.execute(text("SET LOCAL enable_seqscan = off"))
        await work.connection.execute(text("SET LOCAL enable_sort = off"))
        lines = await work.connection.scalars(text(f"EXPLAIN {event_log._OF_KEYS.text}"), asked)
        plan = "\n".join(lines)

    assert "Index Scan Backward using event_log_key on event_log" in plan
    assert "Seq Scan on publication" not in plan


async def test_a_replay_shows_the_newest_place(teller: Teller) -> None:
    """Published again in batches that begin elsewhere, an event is shown where the broker has it now."""
    await teller.tell("a")
    await teller.tell("b", "c")
    teller.broker.wipe()
    teller.broker.append(TOPIC, "k", b'{"name": "of somebody else"}')
    relay = teller.relay()
    await teller.publish(relay, await relay.sink.check(await relay.sink.lead()))

    async with teller.database.read() as connection:
        found = await event_log.passages(connection, "k")
    assert [(each.pos, each.offset, each.is_published) for each in found] == [(1, 1, True), (2, 2, True), (3, 3, True)]
