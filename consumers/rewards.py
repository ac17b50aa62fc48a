"""The door of rewards to the broker: a completed transfer → its reward, granted and paid before the event is remembered."""

from __future__ import annotations

from uuid import UUID

from consumers.handlers import Handler, Handlers, by_type
from payflow.events.transfers import TransferCompleted
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.money import Money
from subgraphs.rewards.domain import CompletedTransfer
from subgraphs.rewards.service import Rewards


def handlers(rewards: Rewards, database: Database) -> Handlers:
    """Event type → use cases. `database` is the one that rewards are granted in."""

    async def grant_and_pay(data: TransferCompleted) -> None:
        async with database.unit_of_work() as work:
            reward = await rewards.grant(_transfer(data), work)
        if reward is not None:
            await rewards.pay(reward)

    async def settle(_: UUID, data: TransferCompleted, work: UnitOfWork) -> None:
        await rewards.settle(data.transfer_id, work)

    return by_type([Handler(event=TransferCompleted, prepare=grant_and_pay, handle=settle)])


def _transfer(data: TransferCompleted) -> CompletedTransfer:
    return CompletedTransfer(
        id=data.transfer_id,
        payer_id=data.payer_id,
        payee_id=data.payee_id,
        from_wallet_id=data.from_wallet_id,
        amount=Money(data.amount, data.currency),
        completed_at=data.completed_at,
    )
