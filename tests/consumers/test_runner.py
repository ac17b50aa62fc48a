"""The loop against a real database: each event once in effect, whatever fails in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from consumers import dead_letters as policy
from consumers import lanes as lanes_module
from consumers import runner as runner_module
from consumers.delivery import Delivery
from consumers.handlers import Happened, Listener
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from consumers.runner import Runner
from payflow.events.envelope import EventData
from payflow.events.transfers import TOPIC, TransferCompleted
from payflow.kernel import metrics, tracing
from payflow.kernel.background import running
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, Refusal
from subgraphs.rewards.tables import consuming, dead_letters, inbox
from tests.consumers.world import completed, count, eventually, failed, record_of
from tests.subgraphs.conftest import MakeSettings

Misfortune = Callable[[EventData], Exception | None]


class Service:
    """A listener that notes what it was told, and fails when it is asked to."""

    def __init__(self) -> None:
        self.told: list[EventData] = []
        self.batches: list[int] = []
        self.tried: list[EventData] = []
        self.followed_up: list[EventData] = []
        self.on_handle: Misfortune = lambda _: None
        self.on_follow_up: Misfortune = lambda _: None
        self.during: Callable[[UnitOfWork], Awaitable[None]] | None = None

    async def follow_up(self, events: Sequence[Happened]) -> None:
        for event in events:
            self.followed_up.append(event.data)
            if error := self.on_follow_up(event.data):
                raise error

    async def handle(self, events: Sequence[Happened], work: UnitOfWork) -> None:
        for event in events:
            self.tried.append(event.data)
            if error := self.on_handle(event.data):
                raise error
        if self.during is not None:
            await self.during(work)
        work.after_commit(lambda: self.told.extend(event.data for event in events))
        work.after_commit(lambda: self.batches.append(len(events)))


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield database
    await database.close()


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls and pauses of the tests are short."""
    monkeypatch.setattr(runner_module, "POLL_WAIT_S", 0.1)
    monkeypatch.setattr(lanes_module, "BACKOFF_BASE_S", 0.001)
    monkeypatch.setattr(lanes_module, "BACKOFF_MAX_S", 0.02)


@pytest.fixture
def make_runner(database: Database, service: Service, broker: MemoryBroker) -> Callable[[], Runner]:
    def make() -> Runner:
        listener = Listener(events=[TransferCompleted], handle=service.handle, follow_up=service.follow_up)
        delivery = Delivery(consumer="rewards", database=database, tables=consuming, listener=listener)
        return Runner(MemoryConsumer(broker, group="rewards", topics=[TOPIC]), delivery)

    return make


async def publish(broker: MemoryBroker, *data: EventData) -> None:
    await MemoryPublisher(broker).publish([record_of(each) for each in data])


async def run_until(runner: Runner, condition: Callable[[], bool]) -> None:
    async def is_so() -> bool:
        return condition()

    async with running(runner.run(), name="runner"):
        await eventually(is_so)


@asynccontextmanager
async def nothing_more(service: Service) -> AsyncIterator[None]:
    """What is told inside the block is nothing."""
    before = list(service.told)
    yield
    assert service.told == before


async def test_an_event_is_handled_and_remembered(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """One event, one effect, one row in the inbox; and its offset is committed."""
    event = completed()
    await publish(broker, event)

    await make_runner().run_once()

    assert service.told == [event]
    assert await count(database, inbox) == 1
    async with nothing_more(service):
        await make_runner().run_once()


async def test_duplicates_have_no_effect(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """The same event sent three times is told once and followed up once."""
    event = completed()
    await publish(broker, event, event)
    await publish(broker, event)

    await make_runner().run_once()

    assert service.told == [event]
    assert service.followed_up == [event]


async def test_replaying_everything_changes_nothing(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """A group that starts over from the first record has no further effect."""
    await publish(broker, *(completed() for _ in range(20)))
    await make_runner().run_once()
    assert len(service.told) == 20

    broker.group("rewards").forget()

    async with nothing_more(service):
        assert await make_runner().run_once() == 20


async def test_what_a_poll_brings_is_one_transaction(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """Many events are handled together; where one of them fails, each by itself, and the others are not held up."""
    runner = make_runner()
    await publish(broker, *(completed() for _ in range(20)))
    await runner.run_once()
    assert service.batches == [20]

    service.on_handle = lambda data: Refusal("never") if data == more[1] else None
    more = [completed() for _ in range(3)]
    await publish(broker, *more)
    await runner.run_once()
    assert service.batches == [20, 1, 1]


async def test_an_event_whose_trace_is_recorded_goes_alone(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trace goes on from it, which that of several at once could not; one that is not recorded shares."""
    monkeypatch.setattr(tracing, "is_on", lambda: True)
    runner = make_runner()
    for flags, batches in (("00", [2]), ("01", [2, 1, 1])):
        records = [record_of(completed()) for _ in range(2)]
        for record in records:
            record.value["traceparent"] = f"00-{'a' * 32}-{'b' * 16}-{flags}"
        await MemoryPublisher(broker).publish(records)
        await runner.run_once()
        assert service.batches == batches


async def test_an_unknown_version_is_buried(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """A type that is listened to, in another major version: to pass it over would lose what it says."""
    record = record_of(completed())
    record.value["type"] = "transfer.completed.v2"
    await MemoryPublisher(broker).publish([record])
    await publish(broker, event := completed())

    await make_runner().run_once()

    assert service.told == [event]
    async with database.read() as connection:
        (letter,) = (await connection.execute(select(dead_letters))).all()
    assert letter.reason == "UnknownVersion: transfer.completed.v2 is not understood here, only transfer.completed.v1"


async def test_unknown_events_are_ignored(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """A type that nobody here listens to is passed over, without a trace."""
    await publish(broker, failed(), event := completed())

    await make_runner().run_once()

    assert service.told == [event]
    assert (await count(database, inbox), await count(database, dead_letters)) == (1, 0)


@pytest.mark.parametrize(
    "error",
    [DependencyUnavailable("away"), ConnectionResetError("cut"), TimeoutError()],
    ids=lambda e: type(e).__name__,
)
async def test_what_passes_is_waited_out(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, error: Exception
) -> None:
    """A failure that passes is tried again in place; nothing is skipped, and the order of the key is kept."""
    first, second = completed(), completed()
    second = second.model_copy(update={"transfer_id": first.transfer_id})
    failures = iter([error, error, error])
    service.on_handle = lambda _: next(failures, None)
    await MemoryPublisher(broker).publish([record_of(first), record_of(second, event_id=second.payer_id)])

    await make_runner().run_once()

    assert service.told == [first, second]


async def test_what_follows_has_no_part_in_the_event(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """It runs behind the commit, once; where it fails the event is handled all the same, and the next goes on."""
    first, second = completed(), completed()
    service.on_follow_up = lambda data: KeyError("bug") if data == first else None
    runner = make_runner()
    for event in (first, second):
        await publish(broker, event)
        await runner.run_once()

    assert (service.told, service.followed_up) == ([first, second], [first, second])
    assert (await count(database, inbox), await count(database, dead_letters)) == (2, 0)


async def test_one_waiting_partition_does_not_hold_up_another(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """While an event waits for what is away, those of other partitions are delivered."""
    waiting, others = completed(), [completed() for _ in range(30)]
    service.on_handle = lambda data: DependencyUnavailable("away") if data == waiting else None
    await publish(broker, waiting, *others)

    await run_until(make_runner(), lambda: len(service.told) >= 20)

    assert waiting not in service.told


async def test_malformed_messages_are_buried_and_the_log_goes_on(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """What is no event, and what lacks a field, goes to the dead letters with the reason; the next event is handled."""
    good = completed()
    bad = record_of(completed())
    broker.append(TOPIC, good.subject, b"\x00not json")
    broken = {**bad.value, "data": {**bad.value["data"], "amount": "a lot"}}
    await MemoryPublisher(broker).publish([type(bad)(TOPIC, good.subject, broken)])
    await publish(broker, good)

    await make_runner().run_once()

    assert service.told == [good]
    async with database.read() as connection:
        letters = (await connection.execute(select(dead_letters).order_by(dead_letters.c.event_id))).all()
    assert [letter.event_id for letter in letters] == [UUID(bad.value["id"]), None]
    assert "amount" in letters[0].reason
    assert letters[1].payload == b"\x00not json"


async def test_a_refusal_buries_and_a_repeat_buries_nothing_new(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """What the domain refuses is buried once, is not remembered, and so can be tried again by somebody who repaired it."""
    event = completed()
    service.on_handle = lambda _: Refusal("never")
    await publish(broker, event, event)

    await make_runner().run_once()

    assert (await count(database, dead_letters), await count(database, inbox)) == (1, 0)


async def test_a_bug_in_a_handler_is_tried_a_few_times_and_buried(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """An error nobody foresaw does not stop the log."""
    event, next_one = completed(), completed()
    service.on_handle = lambda data: KeyError("bug") if data == event else None
    await publish(broker, event, next_one)

    await make_runner().run_once()

    assert service.told == [next_one]
    together, alone = 1, policy.UNEXPECTED_ATTEMPTS_MAX
    assert service.tried.count(event) == together + alone
    assert await count(database, dead_letters) == 1


async def test_a_value_the_database_refuses_is_buried(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """PostgreSQL's own refusal of a value is permanent: trying it for ever would stop the log."""
    event = completed()

    async def store_nul(work: UnitOfWork) -> None:
        await work.connection.execute(inbox.insert().values(consumer="a\x00b", event_id=event.transfer_id))

    service.during = store_nul
    await publish(broker, event)

    await make_runner().run_once()

    assert await count(database, dead_letters) == 1


async def test_a_crash_behind_the_handling_is_harmless(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dead between the database's commit and the broker's: the events come again and have no further effect."""

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    runner = make_runner()
    await publish(broker, *(completed() for _ in range(5)))
    with monkeypatch.context() as patch:
        patch.setattr(MemoryConsumer, "commit", dies)
        with pytest.raises(asyncio.CancelledError):
            await runner.run_once()
    assert len(service.told) == 5

    async with nothing_more(service):
        broker.group("rewards").forget()
        assert await make_runner().run_once() == 5


async def test_a_crash_in_the_handling_rolls_back(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, database: Database
) -> None:
    """Cancelled in the middle of a transaction, nothing is remembered; the next process does it."""
    event = completed()
    reached = asyncio.Event()

    async def hangs(_: UnitOfWork) -> None:
        reached.set()
        await asyncio.sleep(60)

    service.during = hangs
    await publish(broker, event)
    task = asyncio.create_task(make_runner().run_once())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database, inbox) == 0

    service.during = None
    broker.group("rewards").forget()
    await make_runner().run_once()

    assert service.told == [event]


async def test_two_members_deliver_each_event_once(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """Two processes, one joining in the middle, and duplicates: each event has one effect."""
    events = [completed() for _ in range(100)]
    await publish(broker, *events)

    async with running(make_runner().run(), name="one"):
        await asyncio.sleep(0.05)
        async with running(make_runner().run(), name="two"):
            await publish(broker, *events[::3])
            await run_until(make_runner(), lambda: len(service.told) >= 100)
            await asyncio.sleep(0.3)

    assert sorted(service.told, key=lambda data: data.subject) == sorted(events, key=lambda data: data.subject)


async def test_a_broker_that_is_away_is_waited_for(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """Without a broker the consumer is not healthy and does not end; once it is there, events are delivered."""
    await publish(broker, event := completed())
    broker.away = True
    runner = make_runner()

    async with running(runner.run(), name="runner") as task:
        await asyncio.sleep(0.1)
        assert (task.done(), runner.is_healthy) == (False, False)
        broker.away = False
        await run_until(make_runner(), lambda: service.told == [event] and runner.is_healthy)


def seconds_behind() -> float | None:
    return REGISTRY.get_sample_value("payflow_events_lag_seconds", {"consumer": "rewards", "topic": TOPIC})


async def test_the_seconds_behind_grow_while_a_message_is_stuck(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """Whoever asks meanwhile is told, and once it is done nothing is behind any more."""
    may_end = asyncio.Event()

    async def wait(_: UnitOfWork) -> None:
        await may_end.wait()

    async def handling() -> bool:
        return bool(service.tried)

    service.during = wait
    runner = make_runner()
    await publish(broker, completed(), completed())
    assert seconds_behind() == 0

    delivering = asyncio.create_task(runner.run_once())
    await eventually(handling)
    before = seconds_behind()
    await asyncio.sleep(0.05)

    assert before is not None
    assert before + 0.04 < (seconds_behind() or 0) < 20
    may_end.set()
    await delivering
    assert seconds_behind() == 0


async def test_what_waits_to_be_polled_is_behind(
    make_runner: Callable[[], Runner], broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In records, and in seconds that stand until all of it was polled and done."""
    monkeypatch.setattr(runner_module, "POLL_MAX", 1)
    runner = make_runner()
    await publish(broker, completed(), completed())

    await runner.run_once()

    records = metrics.EVENTS_LAG.labels("rewards", TOPIC)._value
    assert records.get() == 1
    assert (seconds_behind() or 0) > 0
    await runner.run_once()
    assert records.get() == 0
    assert seconds_behind() == 0


async def test_health_ends_with_the_polls(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer that is stuck on one message has not polled for long, and says so."""

    async def hangs(_: UnitOfWork) -> None:
        await asyncio.sleep(60)

    async def hanging() -> bool:
        return bool(service.tried)

    service.during = hangs
    await publish(broker, completed())
    runner = make_runner()

    async with running(runner.run(), name="runner"):
        await eventually(hanging)
        assert runner.is_healthy
        monkeypatch.setattr(runner_module, "HEALTHY_S", 0.2)
        await asyncio.sleep(0.3)
        assert not runner.is_healthy


async def test_stop_finishes_what_was_polled(
    make_runner: Callable[[], Runner], service: Service, broker: MemoryBroker
) -> None:
    """A stop in the middle of a poll's messages lets them finish and commits them."""
    runner = make_runner()

    def stop_at_the_first(_: EventData) -> None:
        runner.stop()

    service.on_handle = stop_at_the_first
    await publish(broker, *(completed() for _ in range(10)))

    async with asyncio.timeout(30):
        await runner.run()

    assert len(service.told) == 10
    async with nothing_more(service):
        assert await make_runner().run_once() == 0


async def test_who_is_cancelled_leaves_its_group(make_runner: Callable[[], Runner], broker: MemoryBroker) -> None:
    """Nobody waits for a member that is no more."""
    group = broker.group("rewards")
    runner = make_runner()

    async def joined() -> bool:
        return group.generation == 1

    async with running(runner.run(), name="runner"):
        await eventually(joined)

    assert group.generation == 2


def test_back_off_is_bounded() -> None:
    """Pauses grow and stay below their bound, however often something failed."""
    assert all(0 < lanes_module.back_off_s(failures) <= lanes_module.BACKOFF_MAX_S for failures in range(1, 2000))
