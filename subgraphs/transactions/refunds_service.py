"""The use case of giving money back: decide under the payment's lock, reserve, and let the saga carry it out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, Refusal
from payflow.kernel.ids import new_id, parse_id
from payflow.kernel.money import Money
from subgraphs.transactions import refunds_store, store
from subgraphs.transactions.domain import Transfer
from subgraphs.transactions.refunds import RefundTransfer, check_refund, decide_refund, refund_of, reserved
from subgraphs.transactions.service import Transfers
from subgraphs.transactions.store import Given

REST_TRIES_MAX = 5  # each means that another refund has changed what "the rest" is, between a look and the lock


class _RestChanged(Exception):
    """What is left of the payment is not what it was a moment ago."""


@dataclass(frozen=True, slots=True)
class Refunds:
    """The service."""

    transfers: Transfers

    async def refund(self, order: RefundTransfer) -> Transfer:
        """Give some of a payment back, or all that is left of it; answers the payment as it stands then.

        A repeat of the key gives back nothing more. Raises the refusals of the domain, IdempotencyConflict, and DependencyUnavailable
        where nothing has been begun.
        """
        check_refund(order)
        given = await store.given(self.transfers.database, order.command) or await self._begin(order)
        refund = await self.transfers.answer(order.command, given)
        payment = await self._payment(refund.payment_id)
        assert payment is not None, refund
        return payment

    async def _begin(self, order: RefundTransfer) -> Given:
        payment_id = parse_id(order.transfer_id)
        for _ in range(REST_TRIES_MAX):
            payment = None if payment_id is None else await self._payment(payment_id)
            try:
                return await self._begin_one(order, payment)
            except _RestChanged:
                continue
        raise DependencyUnavailable(
            "Others give back of this transfer, too. Nothing has happened; send the same command again."
        )

    async def _begin_one(self, order: RefundTransfer, payment: Transfer | None) -> Given:
        """A refund of what is asked for or, as it was seen, of what is left. Raises _RestChanged."""
        try:
            amount = decide_refund(payment, order)
        except Refusal as refusal:
            return await self.transfers.give(order.command, refusal)
        assert payment is not None, "what is not there is refused"
        refund = refund_of(payment, amount, refund_id=new_id(), now=self.transfers.clock.now())
        return await self.transfers.begin(
            order.command, refund, reserve=lambda work: _reserve(work, order, payment.id, amount)
        )

    async def _payment(self, payment_id: UUID) -> Transfer | None:
        async with self.transfers.database.read() as connection:
            return (await store.by_ids(connection, [payment_id])).get(payment_id)


async def _reserve(work: UnitOfWork, order: RefundTransfer, payment_id: UUID, amount: Money) -> Refusal | None:
    payment = await store.locked(work, payment_id)
    try:
        decided = decide_refund(payment, order)
    except Refusal as refusal:
        return refusal
    assert payment is not None, "what is not there is refused"
    if decided != amount:
        raise _RestChanged
    await refunds_store.keep(work, reserved(payment, amount))
    return None
