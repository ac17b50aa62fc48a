"""What transactions keeps. Reads answer domain objects, batch first; a write is one statement (see `statements`), which runs by
itself or in a unit of work.

Each write to a transfer names the version it was decided on, and touches nothing where that is not the row's any more: whoever has been
overtaken learns it, and drops his work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from uuid import UUID

import orjson
from sqlalchemy import CursorResult, Select, and_, select, union_all
from sqlalchemy import Row as ReadRow
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import Refusal
from payflow.kernel.money import Money
from payflow.kernel.publisher import Record
from subgraphs.transactions import errors, statements
from subgraphs.transactions.domain import (
    Answer,
    Command,
    Event,
    Review,
    SagaStep,
    State,
    Step,
    StepStatus,
    Transfer,
    TransferKind,
    transition,
)
from subgraphs.transactions.errors import LimitExceeded
from subgraphs.transactions.tables import transfer_steps, transfers

Row = Mapping[str, Any]
SAGA = "saga"  # who asks for a decision; whoever decides gives a name


class Calls(Protocol):
    """What a write runs on: the database, as a transaction of its own, or a unit of work, with what else that commits.

    The one reads JSON, the other leaves it as text; so JSON is written as text, and either is understood.
    """

    async def call(self, statement: str, *arguments: object) -> list[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TransfersQuery:
    """A page of what a user paid and was paid, newest first, behind the transfer `older_than`; `states` None: all."""

    user_id: UUID
    older_than: UUID | None
    states: frozenset[State] | None
    most: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered under an idempotency key: a transfer's id, or a refusal."""

    fingerprint: bytes
    transfer_id: UUID | None
    refusal: Refusal | None


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Transfer]:
    """Those of the ids that exist."""
    rows = await connection.execute(select(transfers).where(transfers.c.id.in_(ids)))
    return {row["id"]: transfer_of(row) for row in _mappings(rows)}


async def steps_of(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[SagaStep]]:
    """The steps of each transfer, in the order they began."""
    query = (
        select(transfer_steps)
        .where(transfer_steps.c.transfer_id.in_(ids))
        .order_by(transfer_steps.c.started_at, transfer_steps.c.name.desc())
    )
    found: dict[UUID, list[SagaStep]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.transfer_id, []).append(_step(row))
    return found


async def of_user(connection: AsyncConnection, query: TransfersQuery) -> list[Transfer]:
    """One page of payments. Two index scans, as payer and as payee, each cut to the page before they are merged."""

    def as_(party: Any) -> Select[Any]:
        conditions = [party == query.user_id, transfers.c.kind == TransferKind.PAYMENT]
        if query.older_than is not None:
            conditions.append(transfers.c.id < query.older_than)
        if query.states is not None:
            conditions.append(transfers.c.state.in_(query.states))
        return select(transfers).where(and_(*conditions)).order_by(transfers.c.id.desc()).limit(query.most)

    paid, was_paid = as_(transfers.c.payer_id).subquery(), as_(transfers.c.payee_id).subquery()
    both = union_all(select(paid), select(was_paid).where(was_paid.c.payer_id != query.user_id)).subquery()
    rows = await connection.execute(select(both).order_by(both.c.id.desc()).limit(query.most))
    return [transfer_of(row) for row in _mappings(rows)]


async def given(on: Calls, command: Command) -> Given | None:
    """What was answered under the command's key."""
    rows = await on.call(statements.GIVEN, command.user_id, command.scope, command.idempotency_key)
    return _given(rows[0]) if rows else None


async def give(on: Calls, command: Command, refusal: Refusal, *, now: datetime) -> Given:
    """Keep a refusal under the command's key; answers what stands there, which is another answer where one was given before."""
    key = (command.user_id, command.scope, command.idempotency_key)
    rows = await on.call(statements.GIVE, *key, command.fingerprint, _json(refusal), now)
    return _given((rows or await on.call(statements.GIVEN, *key))[0])


async def begin(
    on: Calls, command: Command, transfer: Transfer, *, lease: timedelta, daily: LimitExceeded | None
) -> Given:
    """Store the command, a new transfer, its first intent and its first step, in one round trip; nobody else takes it up before
    the lease ends. Answers what stands under the key: this transfer, what was answered before, or the refusal `daily`, which says
    how much the payer may pay within 24 hours.
    """
    rows = await on.call(
        statements.BEGIN,
        command.user_id,
        command.scope,
        command.idempotency_key,
        command.fingerprint,
        transfer.created_at,
        lease,
        transfer.id,
        transfer.kind,
        transfer.refund_of,
        transfer.request_id,
        transfer.payer_id,
        transfer.payee_id,
        transfer.from_wallet_id,
        transfer.to_wallet_id,
        transfer.amount.amount,
        transfer.amount.currency,
        transfer.note,
        None if daily is None else daily.limit.amount,
        _json(daily),
    )
    return _given(rows[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one commit of a saga writes: the transfer before and after, the answer that moved it, and the event of its end."""

    before: Transfer
    after: Transfer
    answer: Answer
    now: datetime
    lease: timedelta
    event: tuple[UUID, Record] | None = None


async def advance(on: Calls, move: Move) -> bool:
    """Record an answer with the next intent or the end. False where another has overtaken: then nothing is written."""
    before, after = move.before, move.after
    marks = transition(before, move.answer.event).steps
    written = (
        before.id,
        before.version,
        after.state,
        after.failure_code,
        _json(after.refusal),
        after.ended_at,
        move.now,
        move.lease,
        list(marks.keys()),
        list(marks.values()),
        move.answer.reason,
    )
    if not after.has_ended:
        return bool(await on.call(statements.ADVANCE, *written))
    return bool(await on.call(statements.END, *written, *_told(move.event)))


async def postpone(on: Calls, transfer: Transfer, *, error: str | None, pause: timedelta) -> bool:
    """Leave the present step to the worker, after a pause, with what went wrong if anything did. False where another has overtaken."""
    return bool(await on.call(statements.POSTPONE, transfer.id, transfer.version, pause, error))


async def escalate(on: Calls, transfer: Transfer, *, error: str, reason: str, now: datetime) -> bool:
    """Leave the present step to a person: `error` is for everybody, `reason` for that person. False where another has overtaken."""
    return bool(await on.call(statements.ESCALATE, transfer.id, transfer.version, now, reason, SAGA, error))


async def claim(on: Calls, *, most: int, lease: timedelta) -> list[Transfer]:
    """Take up transfers that are due, the longest due first, each for another try of its step; others skip them meanwhile."""
    return [transfer_of(row) for row in await on.call(statements.CLAIM, most, lease)]


async def note_decision(on: Calls, transfer: Transfer, review: Review) -> None:
    """Keep what was decided about a transfer in review, and make it due."""
    facts = (review.escalated_from, review.actor, review.reason, review.at)
    await on.call(statements.DECIDE, transfer.id, review.event, *facts)


async def locked(work: UnitOfWork, transfer_id: UUID) -> Transfer | None:
    """The transfer, which nobody else changes before this unit of work ends."""
    rows = await work.call(statements.LOCKED, transfer_id)
    return transfer_of(rows[0]) if rows else None


async def reviews_of(on: Calls, transfer_id: UUID) -> list[Review]:
    """Who handed the transfer to a person and what was decided, oldest first."""
    return [
        Review(Event(row["event"]), State(row["escalated_from"]), row["actor"], row["reason"], row["at"])
        for row in await on.call(statements.REVIEWS_OF, transfer_id)
    ]


async def in_review(on: Calls, *, most: int) -> list[Transfer]:
    """The transfers that wait for a person, the longest waiting first."""
    return [transfer_of(row) for row in await on.call(statements.IN_REVIEW, most)]


async def review_load(on: Calls) -> tuple[int, datetime | None]:
    """How many transfers wait for a person, and since when the first of them does."""
    (row,) = await on.call(statements.REVIEW_LOAD)
    return row["waiting"], row["oldest"]


async def forget_spending(on: Calls, *, before: datetime) -> None:
    """Let go of what no daily limit counts any more."""
    await on.call(statements.FORGET_SPENDING, before)


def _told(event: tuple[UUID, Record] | None) -> tuple[object, ...]:
    if event is None:
        return None, None, None, None
    event_id, record = event
    return event_id, record.topic, record.key, _dumps(record.value)


def _mappings(rows: CursorResult[Any]) -> Sequence[Row]:
    return cast(Sequence[Row], rows.mappings().all())


def _given(row: Row) -> Given:
    return Given(row["fingerprint"], row["transfer_id"], refusal_of(row["refusal"]))


def _json(refusal: Refusal | None) -> str | None:
    return None if refusal is None else _dumps(errors.to_json(refusal))


def refusal_of(kept: str | dict[str, Any] | None) -> Refusal | None:
    """A refusal as a row keeps it: SQLAlchemy reads JSON, the driver leaves it as text."""
    if kept is None:
        return None
    return errors.from_json(orjson.loads(kept) if isinstance(kept, str) else kept)


def _dumps(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()


def transfer_of(row: Row) -> Transfer:
    """A row of `transfers`, by column names."""
    escalated_from = row["escalated_from"]
    return Transfer(
        id=row["id"],
        payer_id=row["payer_id"],
        payee_id=row["payee_id"],
        from_wallet_id=row["from_wallet_id"],
        to_wallet_id=row["to_wallet_id"],
        amount=Money(row["amount"], row["currency"]),
        note=row["note"],
        created_at=row["created_at"],
        state=State(row["state"]),
        version=row["version"],
        attempt=row["attempt"],
        failure_code=row["failure_code"],
        refusal=refusal_of(row["refusal"]),
        ended_at=row["ended_at"],
        kind=TransferKind(row["kind"]),
        refund_of=row["refund_of"],
        request_id=row["request_id"],
        refunded=row["refunded"],
        refunding=row["refunding"],
        escalated_from=None if escalated_from is None else State(escalated_from),
        state_since=row["state_since"],
    )


def _step(row: ReadRow[*tuple[Any, ...]]) -> SagaStep:
    return SagaStep(Step(row.name), StepStatus(row.status), row.attempts, row.started_at, row.finished_at, row.error)
