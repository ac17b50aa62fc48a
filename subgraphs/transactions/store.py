"""Every line of SQL of transactions. Reads answer domain objects, batch first; writes run in the caller's unit of work.

Each write to a transfer names the version it was decided on, and touches nothing where that is not the row's any more: whoever has been
overtaken learns it, and drops his work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, func, insert, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import Refusal
from payflow.kernel.money import Money
from subgraphs.transactions import errors
from subgraphs.transactions.domain import TRANSITIONS, Answer, SagaStep, SendMoney, State, Step, StepStatus, Transfer
from subgraphs.transactions.tables import commands, transfer_steps, transfers


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
    return {row.id: _transfer(row) for row in rows}


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
    """One page. Two index scans, as payer and as payee, each cut to the page before they are merged."""

    def as_(party: Any) -> Select[Any]:
        conditions = [party == query.user_id]
        if query.older_than is not None:
            conditions.append(transfers.c.id < query.older_than)
        if query.states is not None:
            conditions.append(transfers.c.state.in_(query.states))
        return select(transfers).where(and_(*conditions)).order_by(transfers.c.id.desc()).limit(query.most)

    paid, was_paid = as_(transfers.c.payer_id).subquery(), as_(transfers.c.payee_id).subquery()
    both = union_all(select(paid), select(was_paid).where(was_paid.c.payer_id != query.user_id)).subquery()
    rows = await connection.execute(select(both).order_by(both.c.id.desc()).limit(query.most))
    return [_transfer(row) for row in rows]


async def given(connection: AsyncConnection, *, payer_id: UUID, idempotency_key: str) -> Given | None:
    """What was answered under the payer's key."""
    query = select(commands).where(commands.c.payer_id == payer_id, commands.c.idempotency_key == idempotency_key)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    refusal = None if row.refusal is None else errors.from_json(row.refusal)
    return Given(row.fingerprint, row.transfer_id, refusal)


async def give(work: UnitOfWork, command: SendMoney, answer: Given, *, now: datetime) -> bool:
    """Keep the answer under the command's key; False where another has been given (or is being: then this waits for it)."""
    kept = upsert(commands).values(
        payer_id=command.payer_id,
        idempotency_key=command.idempotency_key,
        fingerprint=answer.fingerprint,
        transfer_id=answer.transfer_id,
        refusal=None if answer.refusal is None else errors.to_json(answer.refusal),
        created_at=now,
    )
    return (await work.connection.execute(kept.on_conflict_do_nothing())).rowcount == 1


async def add(work: UnitOfWork, transfer: Transfer, *, lease: timedelta) -> None:
    """Store a new transfer, its first intent and its first step; nobody else takes it up before the lease ends."""
    await work.connection.execute(
        insert(transfers).values(
            id=transfer.id,
            payer_id=transfer.payer_id,
            payee_id=transfer.payee_id,
            from_wallet_id=transfer.from_wallet_id,
            to_wallet_id=transfer.to_wallet_id,
            amount=transfer.amount.amount,
            currency=transfer.amount.currency,
            note=transfer.note,
            hold_id=transfer.hold_id,
            state=transfer.state,
            version=transfer.version,
            attempt=transfer.attempt,
            due_at=func.now() + lease,
            created_at=transfer.created_at,
        )
    )
    await work.connection.execute(
        insert(transfer_steps).values(
            transfer_id=transfer.id,
            name=Step.HOLD,
            status=StepStatus.RUNNING,
            attempts=transfer.attempt,
            started_at=transfer.created_at,
        )
    )


async def advance(
    work: UnitOfWork, before: Transfer, after: Transfer, answer: Answer, *, now: datetime, lease: timedelta
) -> bool:
    """Record an answer and the next intent together. False where another has overtaken: then nothing is written."""
    moved = await work.connection.execute(
        update(transfers)
        .where(transfers.c.id == before.id, transfers.c.version == before.version)
        .values(
            state=after.state,
            version=after.version,
            attempt=after.attempt,
            due_at=None if after.has_ended else func.now() + lease,
            failure_code=after.failure_code,
            refusal=None if after.refusal is None else errors.to_json(after.refusal),
            ended_at=after.ended_at,
        )
    )
    if moved.rowcount:
        await _mark_steps(work, before, answer, now=now)
    return bool(moved.rowcount)


async def postpone(work: UnitOfWork, transfer: Transfer, *, error: str, pause: timedelta) -> bool:
    """Leave the present step to the worker, after a pause. False where another has overtaken."""
    moved = await work.connection.execute(
        update(transfers)
        .where(transfers.c.id == transfer.id, transfers.c.version == transfer.version)
        .values(version=transfers.c.version + 1, due_at=func.now() + pause)
    )
    if moved.rowcount:
        await work.connection.execute(_running_steps([transfer.id]).values(error=error))
    return bool(moved.rowcount)


async def claim(work: UnitOfWork, *, most: int, lease: timedelta) -> list[Transfer]:
    """Take up transfers that are due, the longest due first, each for another try of its step; others skip them meanwhile."""
    due = (
        select(transfers.c.id)
        .where(transfers.c.due_at <= func.now())
        .order_by(transfers.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = await work.connection.execute(
        update(transfers)
        .where(transfers.c.id.in_(due.scalar_subquery()))
        .values(version=transfers.c.version + 1, attempt=transfers.c.attempt + 1, due_at=func.now() + lease)
        .returning(*transfers.c)
    )
    claimed = [_transfer(row) for row in rows]
    if claimed:
        again = _running_steps([transfer.id for transfer in claimed])
        await work.connection.execute(again.values(attempts=transfer_steps.c.attempts + 1))
    return claimed


async def _mark_steps(work: UnitOfWork, before: Transfer, answer: Answer, *, now: datetime) -> None:
    marks = TRANSITIONS[before.state, answer.event].steps
    mark = upsert(transfer_steps).values(
        [
            {
                "transfer_id": before.id,
                "name": name,
                "status": status,
                "attempts": 1,
                "started_at": now,
                "finished_at": None if status is StepStatus.RUNNING else now,
                "error": answer.reason if status is StepStatus.FAILED else None,
            }
            for name, status in marks.items()
        ]
    )
    await work.connection.execute(
        mark.on_conflict_do_update(
            index_elements=[transfer_steps.c.transfer_id, transfer_steps.c.name],
            set_={
                "status": mark.excluded.status,
                "finished_at": mark.excluded.finished_at,
                "error": case(
                    (mark.excluded.status == StepStatus.DONE, None),
                    else_=func.coalesce(mark.excluded.error, transfer_steps.c.error),
                ),
            },
        )
    )


def _running_steps(ids: Sequence[UUID]) -> Any:
    return update(transfer_steps).where(
        transfer_steps.c.transfer_id.in_(ids), transfer_steps.c.status == StepStatus.RUNNING
    )


def _transfer(row: Row[*tuple[Any, ...]]) -> Transfer:
    return Transfer(
        id=row.id,
        payer_id=row.payer_id,
        payee_id=row.payee_id,
        from_wallet_id=row.from_wallet_id,
        to_wallet_id=row.to_wallet_id,
        amount=Money(row.amount, row.currency),
        note=row.note,
        created_at=row.created_at,
        state=State(row.state),
        version=row.version,
        attempt=row.attempt,
        failure_code=row.failure_code,
        refusal=None if row.refusal is None else errors.from_json(row.refusal),
        ended_at=row.ended_at,
    )


def _step(row: Row[*tuple[Any, ...]]) -> SagaStep:
    return SagaStep(Step(row.name), StepStatus(row.status), row.attempts, row.started_at, row.finished_at, row.error)
