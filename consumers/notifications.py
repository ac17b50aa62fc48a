"""The door of notifications to the broker: what happened → who is told."""

from __future__ import annotations

from uuid import UUID

from consumers.handlers import Handler, Handlers, by_type
from payflow.events.rewards import RewardIssued
from payflow.events.transfers import TransferCompleted, TransferFailed
from payflow.kernel.db import UnitOfWork
from payflow.kernel.money import Money
from subgraphs.notifications.domain import Reward, Transfer
from subgraphs.notifications.service import Notifications


def handlers(notifications: Notifications) -> Handlers:
    """Event type → use case."""

    async def completed(event_id: UUID, data: TransferCompleted, work: UnitOfWork) -> None:
        await notifications.transfer_completed(event_id, _transfer(data), work)

    async def failed(event_id: UUID, data: TransferFailed, work: UnitOfWork) -> None:
        await notifications.transfer_failed(event_id, _transfer(data), data.failure_code, work)

    async def reward_issued(event_id: UUID, data: RewardIssued, work: UnitOfWork) -> None:
        await notifications.reward_issued(event_id, _reward(data), work)

    return by_type(
        [
            Handler(event=TransferCompleted, handle=completed),
            Handler(event=TransferFailed, handle=failed),
            Handler(event=RewardIssued, handle=reward_issued),
        ]
    )


def _transfer(data: TransferCompleted | TransferFailed) -> Transfer:
    return Transfer(
        id=data.transfer_id,
        payer_id=data.payer_id,
        payee_id=data.payee_id,
        amount=Money(data.amount, data.currency),
        note=data.note,
    )


def _reward(data: RewardIssued) -> Reward:
    return Reward(
        id=data.reward_id,
        user_id=data.user_id,
        transfer_id=data.transfer_id,
        campaign_name=data.campaign_name,
        amount=Money(data.amount, data.currency),
    )
