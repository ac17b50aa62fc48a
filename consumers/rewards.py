"""The door of rewards to the broker: completed transfers → what they earn, refunded ones → what goes back; then the money of it."""

from __future__ import annotations

from collections.abc import Sequence

from consumers.handlers import Happened, Listener
from payflow.events.transfers import TransferCompleted, TransferRefunded
from payflow.kernel.db import UnitOfWork
from payflow.kernel.money import Money
from subgraphs.rewards.clawbacks import Refunded
from subgraphs.rewards.domain import CompletedTransfer
from subgraphs.rewards.payouts import Payouts
from subgraphs.rewards.service import Rewards

EVENTS = (TransferCompleted, TransferRefunded)


def listener(rewards: Rewards, payouts: Payouts) -> Listener:
    """Event types → use cases. Rewards before what goes back of them: a refund comes after its transfer, unless it was redriven."""

    async def decide(events: Sequence[Happened], work: UnitOfWork) -> None:
        completed = [_transfer(one.data, one.request_id) for one in events if isinstance(one.data, TransferCompleted)]
        refunded = [_refund(one.data, one.request_id) for one in events if isinstance(one.data, TransferRefunded)]
        await rewards.lock(completed, refunded, work)
        await rewards.assess(completed, work)
        await rewards.refund(refunded, work)

    async def settle(events: Sequence[Happened]) -> None:
        completed = [one.data.transfer_id for one in events if isinstance(one.data, TransferCompleted)]
        refunded = [one.data.refund_id for one in events if isinstance(one.data, TransferRefunded)]
        await payouts.settle(completed, refunded)

    return Listener(events=EVENTS, handle=decide, follow_up=settle)


def _transfer(data: TransferCompleted, request_id: str | None) -> CompletedTransfer:
    return CompletedTransfer(
        id=data.transfer_id,
        payer_id=data.payer_id,
        payee_id=data.payee_id,
        from_wallet_id=data.from_wallet_id,
        amount=Money(data.amount, data.currency),
        completed_at=data.completed_at,
        request_id=request_id,
    )


def _refund(data: TransferRefunded, request_id: str | None) -> Refunded:
    return Refunded(
        refund_id=data.refund_id,
        transfer_id=data.transfer_id,
        paid=Money(data.amount, data.currency),
        refunded=Money(data.refunded, data.currency),
        refunded_at=data.refunded_at,
        request_id=request_id,
    )
