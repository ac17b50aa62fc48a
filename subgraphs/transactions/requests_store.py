"""The SQL of payment requests. Reads answer domain objects, batch first; writes run in the caller's unit of work.

Whether an open request has expired is asked of the database's clock in every statement, so it matters to nobody when the sweeper comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, func, insert, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import Refusal
from payflow.kernel.money import Money
from subgraphs.transactions import store
from subgraphs.transactions.domain import Command
from subgraphs.transactions.requests import OPEN_REQUESTS_MAX, REQUEST_LIFETIME, PaymentRequest, PaymentRequestStatus
from subgraphs.transactions.store import Calls, Given, refusal_of
from subgraphs.transactions.tables import payment_requests

# A payment under way holds off the expiry: its payer said yes in time.
_IS_DUE = and_(
    payment_requests.c.status == PaymentRequestStatus.OPEN,
    payment_requests.c.transfer_id.is_(None),
    payment_requests.c.expires_at <= func.now(),
)
_IS_FREE = and_(
    payment_requests.c.status == PaymentRequestStatus.OPEN,
    payment_requests.c.transfer_id.is_(None),
    payment_requests.c.expires_at > func.now(),
)
_STATUS = case((_IS_DUE, literal(PaymentRequestStatus.EXPIRED.value)), else_=payment_requests.c.status).label(
    "status_now"
)


_ASKED: Final = """
SELECT fingerprint, request_id, refusal FROM commands WHERE user_id = $1 AND scope = $2 AND idempotency_key = $3
"""
_KEEP_REQUEST: Final = """
INSERT INTO commands (user_id, scope, idempotency_key, fingerprint, request_id, created_at) VALUES ($1, $2, $3, $4, $5, now())
ON CONFLICT DO NOTHING RETURNING request_id
"""
_KEEP_PAYMENT: Final = """
INSERT INTO commands (user_id, scope, idempotency_key, fingerprint, transfer_id, created_at) VALUES ($1, $2, $3, $4, $5, now())
ON CONFLICT DO NOTHING RETURNING transfer_id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered under the key of a command to ask for money: a request's id, or a refusal."""

    fingerprint: bytes
    request_id: UUID | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsQuery:
    """A page of what a user asked and was asked for, newest first, behind the request `older_than`; `statuses` None: all."""

    user_id: UUID
    older_than: UUID | None
    statuses: frozenset[PaymentRequestStatus] | None
    most: int


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, PaymentRequest]:
    """Those of the ids that exist."""
    rows = await connection.execute(select(payment_requests, _STATUS).where(payment_requests.c.id.in_(ids)))
    return {row.id: _request(row) for row in rows}


async def of_user(connection: AsyncConnection, query: RequestsQuery) -> list[PaymentRequest]:
    """One page. Two index scans, as requester and as payer, each cut to the page before they are merged."""

    def as_(party: Any) -> Select[Any]:
        conditions = [party == query.user_id]
        if query.older_than is not None:
            conditions.append(payment_requests.c.id < query.older_than)
        if query.statuses is not None:
            conditions.append(_STATUS.element.in_(query.statuses))
        page = select(payment_requests, _STATUS).where(and_(*conditions))
        return page.order_by(payment_requests.c.id.desc()).limit(query.most)

    asked, was_asked = as_(payment_requests.c.requester_id).subquery(), as_(payment_requests.c.payer_id).subquery()
    both = union_all(select(asked), select(was_asked)).subquery()  # nobody asks themself, so no row comes twice
    rows = await connection.execute(select(both).order_by(both.c.id.desc()).limit(query.most))
    return [_request(row) for row in rows]


async def add(work: UnitOfWork, request: PaymentRequest) -> PaymentRequest | None:
    """Store a new request, dated by the database; None where the requester has OPEN_REQUESTS_MAX open to this payer already."""
    pair = f"{request.requester_id} asks {request.payer_id}"
    await work.connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(pair, 0))))
    if await _count_open(work, request) >= OPEN_REQUESTS_MAX:
        return None
    new = insert(payment_requests).values(
        id=request.id,
        requester_id=request.requester_id,
        payer_id=request.payer_id,
        to_wallet_id=request.to_wallet_id,
        amount=request.amount.amount,
        currency=request.amount.currency,
        note=request.note,
        status=request.status,
        created_at=func.now(),
        expires_at=func.now() + REQUEST_LIFETIME,
    )
    return _request((await work.connection.execute(new.returning(payment_requests, _STATUS))).one())


async def locked(work: UnitOfWork, request_id: UUID) -> PaymentRequest | None:
    """The request, which nobody else changes before this unit of work ends."""
    query = select(payment_requests, _STATUS).where(payment_requests.c.id == request_id)
    rows = await work.connection.execute(query.with_for_update(key_share=True))
    return _first(rows.one_or_none())


async def take(work: UnitOfWork, request_id: UUID, transfer_id: UUID) -> None:
    """Have the open request name the payment that begins with this commit; its row is locked by this unit of work."""
    named = update(payment_requests).where(payment_requests.c.id == request_id).values(transfer_id=transfer_id)
    await work.connection.execute(named)


async def close(work: UnitOfWork, request_id: UUID, status: PaymentRequestStatus) -> PaymentRequest | None:
    """End an open request that nobody is paying; None where it is no such one any more."""
    rows = await work.connection.execute(
        _ended(status).where(payment_requests.c.id == request_id, _IS_FREE).returning(payment_requests, _STATUS)
    )
    return _first(rows.one_or_none())


async def settle(work: UnitOfWork, request_id: UUID, *, transfer_id: UUID, paid: bool) -> PaymentRequest | None:
    """The payment that was under way has ended: the request is paid, or open to be tried again. None where that is told already."""
    of_this_payment = and_(
        payment_requests.c.id == request_id,
        payment_requests.c.transfer_id == transfer_id,
        payment_requests.c.status == PaymentRequestStatus.OPEN,
    )
    write = _ended(PaymentRequestStatus.PAID) if paid else update(payment_requests).values(transfer_id=None)
    rows = await work.connection.execute(write.where(of_this_payment).returning(payment_requests, _STATUS))
    return _first(rows.one_or_none())


async def expire(work: UnitOfWork, *, most: int) -> list[PaymentRequest]:
    """Write down that the time of some is up, the longest first; others skip them meanwhile."""
    due = (
        select(payment_requests.c.id)
        .where(_IS_DUE)
        .order_by(payment_requests.c.expires_at)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = await work.connection.execute(
        _ended(PaymentRequestStatus.EXPIRED)
        .where(payment_requests.c.id.in_(due.scalar_subquery()))
        .returning(payment_requests, _STATUS)
    )
    return [_request(row) for row in rows]


async def asked(on: Calls, command: Command) -> Asked | None:
    """What was answered under the key of a command to ask for money."""
    rows = await on.call(_ASKED, command.user_id, command.scope, command.idempotency_key)
    return _asked(rows[0]) if rows else None


async def keep_request(work: UnitOfWork, command: Command, request_id: UUID) -> bool:
    """Answer the command with a request; False where another answer has been given (or is being: then this waits for it)."""
    key = (command.user_id, command.scope, command.idempotency_key)
    return bool(await work.call(_KEEP_REQUEST, *key, command.fingerprint, request_id))


async def keep_payment(on: Calls, command: Command, transfer_id: UUID) -> Given:
    """Answer the command with a transfer that another began; answers what stands under the key, which may be another answer."""
    key = (command.user_id, command.scope, command.idempotency_key)
    await on.call(_KEEP_PAYMENT, *key, command.fingerprint, transfer_id)
    given = await store.given(on, command)
    assert given is not None, "the key has an answer now"
    return given


async def _count_open(work: UnitOfWork, request: PaymentRequest) -> int:
    count = (
        select(func.count())
        .select_from(payment_requests)
        .where(
            payment_requests.c.requester_id == request.requester_id,
            payment_requests.c.payer_id == request.payer_id,
            payment_requests.c.status == PaymentRequestStatus.OPEN,
            ~_IS_DUE,
        )
    )
    return int((await work.connection.execute(count)).scalar_one())


def _ended(status: PaymentRequestStatus) -> Any:
    return update(payment_requests).values(status=status, closed_at=func.now())


def _asked(row: Mapping[str, Any]) -> Asked:
    return Asked(row["fingerprint"], row["request_id"], refusal_of(row["refusal"]))


def _first(row: Row[*tuple[Any, ...]] | None) -> PaymentRequest | None:
    return None if row is None else _request(row)


def _request(row: Row[*tuple[Any, ...]]) -> PaymentRequest:
    return PaymentRequest(
        id=row.id,
        requester_id=row.requester_id,
        payer_id=row.payer_id,
        to_wallet_id=row.to_wallet_id,
        amount=Money(row.amount, row.currency),
        note=row.note,
        status=PaymentRequestStatus(row.status_now),
        transfer_id=row.transfer_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        closed_at=row.closed_at,
    )
