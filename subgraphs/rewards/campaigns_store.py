"""What stands in campaigns, as SQL. Reads answer whole lives; writes run in the caller's unit of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Row,
    Select,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.rewards.campaigns import Life, Pause, Terms, Version
from subgraphs.rewards.domain import Period
from subgraphs.rewards.tables import campaign_changes, campaign_pauses, campaign_versions, campaigns

# A change that lets a campaign run longer is in force a moment before its commit shows it; no transaction lasts as long as this.
CHANGING_MAX = timedelta(minutes=1)


def _lasting_past(instant: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Of a campaign: that neither its end nor that of its terms, of that instant or later ones, has come by then."""
    version, later = campaign_versions, campaign_versions.alias("later")
    superseded = exists().where(
        later.c.campaign_id == version.c.campaign_id,
        later.c.version > version.c.version,
        later.c.in_force_from <= instant,
    )
    lasting = exists().where(
        version.c.campaign_id == campaigns.c.id,
        or_(version.c.ends_at.is_(None), version.c.ends_at > instant),
        ~superseded,
    )
    return or_(campaigns.c.ended_at.is_(None), campaigns.c.ended_at > instant) & lasting


def _locking(wanted: ColumnElement[bool]) -> Select[tuple[UUID]]:
    return select(campaigns.c.id).where(wanted).order_by(campaigns.c.id).with_for_update(key_share=True)


_LOCK_ONE = _locking(campaigns.c.id == bindparam("id"))
# Put together here: it runs for every batch of events, and that takes longer than to run it.
_LOCK_RUNNING = _locking(
    campaigns.c.currency.in_(bindparam("currencies", expanding=True))
    & _lasting_past(bindparam("since", type_=DateTime(timezone=True)))
)


class Action(StrEnum):
    """What is done to a campaign."""

    CREATE = "CREATE"
    CHANGE = "CHANGE"
    FUND = "FUND"
    DEFUND = "DEFUND"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    END = "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of a campaign's record. `amount`, in minor units, of money that went into its fund or out of it."""

    action: Action
    version: int
    actor: str
    reason: str
    at: datetime
    amount: int | None = None


# ── reads ──


async def every(connection: AsyncConnection) -> list[Life]:
    """Every campaign, the oldest first."""
    return await _lives(connection, true())


async def not_ended(connection: AsyncConnection, now: datetime) -> list[Life]:
    """Those that have been ended neither by somebody nor by their terms, the oldest first."""
    return await _lives(connection, _lasting_past(now))


async def one(connection: AsyncConnection, campaign_id: UUID) -> Life | None:
    return next(iter(await _lives(connection, campaigns.c.id == campaign_id)), None)


async def lock(work: UnitOfWork, campaign_id: UUID) -> Life | None:
    """The same, for whoever is going to change it: nobody else changes it, or grants by it, until the commit."""
    await work.connection.execute(_LOCK_ONE, {"id": campaign_id})
    return await one(work.connection, campaign_id)


async def lock_running(work: UnitOfWork, currencies: Collection[str], *, since: datetime) -> list[Life]:
    """Those of these currencies that have not ended before `since`: until the commit nobody else grants by them.

    Locked first and read then, so that what they have spent is what they have spent; and only what is locked is read, for one that is
    made in between is anybody's to grant by.
    """
    running = {"currencies": list(currencies), "since": since - CHANGING_MAX}
    locked = (await work.connection.scalars(_LOCK_RUNNING, running)).all()
    return await _lives(work.connection, campaigns.c.id.in_(locked))


async def changes_of(connection: AsyncConnection, campaign_id: UUID) -> list[Change]:
    """Everything that was done to it, in order."""
    table = campaign_changes
    query = select(table).where(table.c.campaign_id == campaign_id).order_by(table.c.id)
    return [
        Change(
            action=Action(row.action),
            version=row.version,
            actor=row.actor,
            reason=row.reason,
            at=row.at,
            amount=row.amount,
        )
        for row in await connection.execute(query)
    ]


async def count_paused(connection: AsyncConnection) -> int:
    query = select(func.count()).select_from(campaign_pauses).where(campaign_pauses.c.resumed_at.is_(None))
    return int((await connection.execute(query)).scalar_one())


# ── writes ──


async def add(work: UnitOfWork, campaign_id: UUID, currency: str) -> None:
    await work.connection.execute(insert(campaigns).values(id=campaign_id, currency=currency))


async def add_version(work: UnitOfWork, campaign_id: UUID, version: Version) -> None:
    await work.connection.execute(
        insert(campaign_versions).values(
            campaign_id=campaign_id,
            version=version.number,
            in_force_from=version.in_force_from,
            **asdict(version.terms),
        )
    )


async def note(work: UnitOfWork, campaign_id: UUID, change: Change) -> None:
    """Add to the campaign's record, in the transaction that does it."""
    await work.connection.execute(insert(campaign_changes).values(campaign_id=campaign_id, **asdict(change)))


async def end(work: UnitOfWork, campaign_id: UUID, *, now: datetime) -> None:
    await work.connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(ended_at=now))


async def pause(work: UnitOfWork, campaign_id: UUID, *, asked_at: datetime, now: datetime) -> bool:
    """Pause it, for what was found out by a question of `asked_at`; False where it is paused, or was resumed or filled since then.

    The rewards in question are locked, as by whoever notes that it was filled, so neither misses the other.
    """
    table, noted = campaign_pauses, campaign_changes
    resumed_since = exists().where(table.c.campaign_id == campaign_id, table.c.resumed_at > asked_at)
    filled_since = exists().where(
        noted.c.campaign_id == campaign_id, noted.c.action == Action.FUND, noted.c.at > asked_at
    )
    if await work.connection.scalar(select(resumed_since | filled_since)):
        return False
    paused = upsert(table).values(campaign_id=campaign_id, paused_at=now).on_conflict_do_nothing().returning(table.c.id)
    return await work.connection.scalar(paused) is not None


async def resume(work: UnitOfWork, campaign_id: UUID, *, now: datetime) -> bool:
    """False where it is not paused."""
    table = campaign_pauses
    lasting = update(table).where(table.c.campaign_id == campaign_id, table.c.resumed_at.is_(None))
    resumed = lasting.values(resumed_at=func.greatest(now, table.c.paused_at)).returning(table.c.id)
    return await work.connection.scalar(resumed) is not None


async def _lives(connection: AsyncConnection, wanted: ColumnElement[bool]) -> list[Life]:
    rows = (await connection.execute(select(campaigns).where(wanted))).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    versions: defaultdict[UUID, list[Version]] = defaultdict(list)
    pauses: defaultdict[UUID, list[Pause]] = defaultdict(list)
    table = campaign_versions
    for row in await connection.execute(select(table).where(table.c.campaign_id.in_(ids)).order_by(table.c.version)):
        versions[row.campaign_id].append(_version(row))
    stops = campaign_pauses
    for row in await connection.execute(select(stops).where(stops.c.campaign_id.in_(ids)).order_by(stops.c.id)):
        pauses[row.campaign_id].append(Pause(row.paused_at, row.resumed_at))
    return _in_order(
        [
            Life(
                id=row.id,
                currency=row.currency,
                versions=versions[row.id],
                pauses=pauses[row.id],
                ended_at=row.ended_at,
                spent=row.spent,
            )
            for row in rows
        ]
    )


def _in_order(lives: Sequence[Life]) -> list[Life]:
    return sorted(lives, key=lambda life: (life.versions[0].terms.starts_at, life.id))


def _version(row: Row[*tuple[Any, ...]]) -> Version:
    terms = Terms(
        name=row.name,
        rate=row.rate,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cap=row.cap,
        minimum=row.minimum,
        user_cap=row.user_cap,
        period=Period(row.period),
        budget=row.budget,
    )
    return Version(row.version, row.in_force_from, terms)
