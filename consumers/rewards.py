"""The door of rewards to the broker: completed transfers → their rewards, granted and paid before the events are remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from consumers.handlers import Happened, Listener
from payflow.events.transfers import TransferCompleted
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.money import Money
from subgraphs.rewards.domain import CompletedTransfer, Reward
from subgraphs.rewards.service import Rewards

EVENTS = (TransferCompleted,)
PAYMENTS_MAX = 32  # credits asked for at a time; the wallet posts in one go those that come together


def listener(rewards: Rewards, database: Database) -> Listener:
    """Event type → use cases. `database` is the one that rewards are granted in."""
    room = asyncio.Semaphore(PAYMENTS_MAX)

    async def grant_and_pay(events: Sequence[Happened]) -> None:
        async with database.unit_of_work() as work:
            granted = await rewards.grant(_transfers(events), work)
        paid = await asyncio.gather(*(pay(reward) for reward in granted), return_exceptions=True)
        for error in paid:
            if error is not None:
                raise error

    async def pay(reward: Reward) -> None:
        async with room:
            await rewards.pay(reward)

    async def settle(events: Sequence[Happened], work: UnitOfWork) -> None:
        await rewards.settle(_transfers(events), work)

    return Listener(events=EVENTS, prepare=grant_and_pay, handle=settle)


def _transfers(events: Sequence[Happened]) -> list[CompletedTransfer]:
    return [_transfer(event.data, event.request_id) for event in events if isinstance(event.data, TransferCompleted)]


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
