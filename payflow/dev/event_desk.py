"""What an operator does with events: look at what is dead, parked or behind; redrive, discard, replay; by name, and noted.

Works on this platform's databases and broker, or those that the environment names.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from consumers.broker import Lag
from consumers.groups import TOPICS_OF, group_of
from consumers.lag import group_lag
from payflow.dev.folders import Folders
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.ports import ports_from
from payflow.dev.postgres import database_url
from payflow.dev.roles import database_name, serving_role
from payflow.dev.state import StackStatus
from payflow.dev.wallet_desk import operator
from payflow.kernel import inbox
from payflow.kernel.consuming import ConsumerTables
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.dead_letters import DeadLetter, State, change_state, letter_by_id, letters
from payflow.kernel.errors import PayflowError
from payflow.kernel.interventions import Action, Intervention, interventions_on, note
from payflow.kernel.outbox import Outbox
from payflow.kernel.parking import Parked, all_parked, park
from payflow.kernel.replays import ask_for
from payflow.kernel.settings import load_settings
from subgraphs.notifications import tables as notifications_tables
from subgraphs.rewards import tables as rewards_tables
from subgraphs.transactions import tables as transactions_tables
from subgraphs.users import tables as users_tables
from subgraphs.wallet import tables as wallet_tables

SHOWN_MAX = 1000
TABLES: dict[str, ConsumerTables] = {
    "notifications": notifications_tables.consuming,
    "rewards": rewards_tables.consuming,
}
OUTBOXES: dict[str, Table] = {
    "rewards": rewards_tables.outbox,
    "transactions": transactions_tables.outbox,
    "users": users_tables.outbox,
    "wallet": wallet_tables.outbox,
}
# What is read again has to be what the inbox remembers; a day less, for what is being forgotten meanwhile.
REPLAY_MAX = inbox.RETENTION - timedelta(days=1)


class EventsUnreachable(PayflowError):
    """A database or the broker does not answer, or it is not known where they are."""


class CannotIntervene(PayflowError):
    """What is asked for is not there, or makes no sense as it stands."""


@dataclass(frozen=True, slots=True)
class Found:
    """A dead letter beside its id, and what was done to it."""

    id: UUID
    letter: DeadLetter
    interventions: Sequence[Intervention] = ()


async def dead_letters(folders: Folders, consumers: Sequence[str], states: Collection[State]) -> list[Found]:
    """The oldest first, consumer by consumer."""
    found: list[Found] = []
    for consumer in consumers:
        async with _database(folders, consumer) as database, database.read() as connection:
            table = TABLES[consumer].dead_letters
            rows = await letters(connection, table, consumer=consumer, states=states, most=SHOWN_MAX)
            found += [Found(letter_id, letter) for letter_id, letter in rows]
    return found


async def show(folders: Folders, consumers: Sequence[str], letter_id: UUID) -> Found:
    """Raises CannotIntervene where there is none of this id."""
    for consumer in consumers:
        async with _database(folders, consumer) as database, database.read() as connection:
            letter = await letter_by_id(connection, TABLES[consumer].dead_letters, letter_id)
            if letter is not None:
                done = await interventions_on(connection, TABLES[consumer].interventions, str(letter_id))
                return Found(letter_id, letter, done)
    raise CannotIntervene(
        f"There is no dead letter {letter_id}; `payflow events dead-letters list` shows those there are"
    )


async def redrive(folders: Folders, consumers: Sequence[str], letter_id: UUID, *, reason: str | None) -> Found:
    """Have it tried again, behind what is parked of its key. Raises CannotIntervene."""
    letter = (await show(folders, consumers, letter_id)).letter
    async with _database(folders, letter.consumer) as database, database.unit_of_work() as work:
        letter = await _open_letter(work, letter, letter_id)
        await _park(work, letter, letter_id)
        await _decide(work, letter, letter_id, Action.REDRIVE, reason)
    return await show(folders, [letter.consumer], letter_id)


async def discard(folders: Folders, consumers: Sequence[str], letter_id: UUID, *, reason: str) -> Found:
    """Give it up for good: should it come again, it has no effect. Raises CannotIntervene."""
    if not reason.strip():
        raise CannotIntervene("--reason is empty; say why the event may be given up")
    letter = (await show(folders, consumers, letter_id)).letter
    async with _database(folders, letter.consumer) as database, database.unit_of_work() as work:
        letter = await _open_letter(work, letter, letter_id)
        if letter.event_id is not None:
            seen = TABLES[letter.consumer].inbox
            await inbox.remember(work, seen, consumer=letter.consumer, event_ids=[letter.event_id])
        await _decide(work, letter, letter_id, Action.DISCARD, reason)
    return await show(folders, [letter.consumer], letter_id)


async def parked(folders: Folders, consumers: Sequence[str]) -> list[Parked]:
    """What waits to be tried again, the oldest first, consumer by consumer."""
    found: list[Parked] = []
    for consumer in consumers:
        async with _database(folders, consumer) as database, database.read() as connection:
            found += await all_parked(connection, TABLES[consumer].parked, consumer=consumer, most=SHOWN_MAX)
    return found


async def lag(folders: Folders, consumers: Sequence[str]) -> dict[str, list[Lag]]:
    """By consumer, for each partition that it reads. Raises DependencyUnavailable where the broker is away."""
    servers = _broker(folders)
    return {
        consumer: await group_lag(bootstrap_servers=servers, group=group_of(consumer), topics=TOPICS_OF[consumer])
        for consumer in consumers
    }


async def backlog(folders: Folders) -> dict[str, int]:
    """By service, how many events are not with the broker yet."""
    waiting: dict[str, int] = {}
    for service, table in OUTBOXES.items():
        async with _database(folders, service) as database, database.read() as connection:
            waiting[service] = await Outbox(table).count_pending(connection)
    return waiting


async def replay(
    folders: Folders, consumers: Sequence[str], topic: str, *, since: datetime | None, reason: str | None
) -> list[str]:
    """Have the topic read again; answers by whom. Raises CannotIntervene where nobody reads it, or the instant is no good."""
    readers = [consumer for consumer in consumers if topic in TOPICS_OF[consumer]]
    if not readers:
        known = sorted({topic for consumer in consumers for topic in TOPICS_OF[consumer]})
        raise CannotIntervene(f"{topic} is not read by {' or '.join(consumers)}; choose one of {', '.join(known)}")
    now = datetime.now(UTC)
    if since is not None and since > now:
        raise CannotIntervene(f"--since {since.isoformat()} is in the future; there is nothing to read again")
    if since is not None and since < now - REPLAY_MAX:
        raise CannotIntervene(
            f"--since {since.isoformat()} is too long ago: the inbox remembers {REPLAY_MAX.days} days of what was handled,"
            f" and what is older would take effect twice; give {(now - REPLAY_MAX).isoformat(timespec='seconds')} or later"
        )
    for consumer in readers:
        async with _database(folders, consumer) as database, database.unit_of_work() as work:
            tables = TABLES[consumer]
            await ask_for(work, tables.replays, consumer=consumer, topic=topic, since=since or now - REPLAY_MAX)
            await _note(work, consumer, Action.REPLAY, topic, reason)
    return readers


async def _open_letter(work: UnitOfWork, letter: DeadLetter, letter_id: UUID) -> DeadLetter:
    """The letter as it stands, locked. Raises CannotIntervene where it was discarded."""
    current = await letter_by_id(work.connection, TABLES[letter.consumer].dead_letters, letter_id, lock=True)
    if current is None or current.state is State.DISCARDED:
        raise CannotIntervene(f"Dead letter {letter_id} was discarded; `payflow events dead-letters show` says by whom")
    return current


async def _park(work: UnitOfWork, letter: DeadLetter, letter_id: UUID) -> None:
    tables = TABLES[letter.consumer]
    waiting = Parked(
        consumer=letter.consumer,
        topic=letter.topic,
        partition=-1,  # it comes from no log
        offset=-1,
        key=letter.key,
        event_id=letter.event_id or letter_id,
        value=letter.payload,
    )
    if not await park(work, tables.parked, tables.inbox, waiting):
        raise CannotIntervene("Too many events are parked already; see `payflow events parked` for what holds them up")


async def _decide(work: UnitOfWork, letter: DeadLetter, letter_id: UUID, action: Action, reason: str | None) -> None:
    state = {Action.REDRIVE: State.REDRIVEN, Action.DISCARD: State.DISCARDED}[action]
    await change_state(work, TABLES[letter.consumer].dead_letters, letter_id, state)
    await _note(work, letter.consumer, action, str(letter_id), reason)


async def _note(work: UnitOfWork, consumer: str, action: Action, subject: str, reason: str | None) -> None:
    done = Intervention(consumer=consumer, action=action, subject=subject, actor=operator(), reason=reason)
    await note(work, TABLES[consumer].interventions, done)


@asynccontextmanager
async def _database(folders: Folders, service: str) -> AsyncIterator[Database]:
    database = Database(_url(folders, service))
    try:
        yield database
    except (SQLAlchemyError, OSError):
        raise EventsUnreachable(
            f"The database of {service} does not answer; start the platform with `payflow up`,"
            f" or name the database in PAYFLOW_{service.upper()}_DATABASE_URL"
        ) from None
    finally:
        await database.close()


def _url(folders: Folders, service: str) -> str:
    configured: str | None = getattr(load_settings(), f"{service}_database_url")
    if configured:
        return configured
    if not folders.secrets.exists():
        raise EventsUnreachable(
            f"There is no platform in {folders.root}; start one with `payflow up`,"
            f" or name the database in PAYFLOW_{service.upper()}_DATABASE_URL"
        )
    passwords = load_or_make_passwords(folders.secrets)
    sockets, role = folders.socket_folder("postgres"), serving_role(service)
    return database_url(sockets, database_name(service), role=role, password=passwords.databases[service])


def _broker(folders: Folders) -> str:
    settings = load_settings()
    if "kafka_bootstrap_servers" in settings.model_fields_set:
        return settings.kafka_bootstrap_servers
    status = StackStatus.read(folders.state)
    if status is None:
        raise EventsUnreachable(
            f"There is no platform in {folders.root}; start one with `payflow up`,"
            " or name the broker in PAYFLOW_KAFKA_BOOTSTRAP_SERVERS"
        )
    return f"127.0.0.1:{ports_from(status.port)['broker']}"
