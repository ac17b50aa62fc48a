"""What the end of a transfer means to what waits for it: the payment that a refund gives back, the request that a payment pays.

Each runs in the commit that ends the transfer, whoever brought that about: a request, the recovery worker or an operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from payflow.kernel.db import UnitOfWork
from payflow.kernel.outbox import Outbox
from subgraphs.transactions import refunds_store, requests_store, store
from subgraphs.transactions.domain import State, Transfer
from subgraphs.transactions.events import emit_closed, emit_refunded
from subgraphs.transactions.refunds import settled
from subgraphs.transactions.saga import Ending


def endings(outbox: Outbox) -> Sequence[Ending]:
    """All there are, for the saga."""
    return (partial(settle_refund, outbox), partial(settle_request, outbox))


async def settle_refund(outbox: Outbox, work: UnitOfWork, _: Transfer, refund: Transfer) -> None:
    """What was reserved on the payment has gone back, or is free again."""
    if refund.refund_of is None:
        return
    payment = await store.locked(work, refund.refund_of)
    assert payment is not None, refund
    payment = settled(payment, refund)
    await refunds_store.keep(work, payment)
    if refund.state is State.COMPLETED:
        await emit_refunded(outbox, work, refund, payment)


async def settle_request(outbox: Outbox, work: UnitOfWork, _: Transfer, payment: Transfer) -> None:
    """The request is paid, or open to be tried again."""
    if payment.request_id is None:
        return
    paid = payment.state is State.COMPLETED
    request = await requests_store.settle(work, payment.request_id, transfer_id=payment.id, paid=paid)
    assert request is not None, "what a payment has taken is its own until it ends"
    if paid:
        await emit_closed(outbox, work, request)
