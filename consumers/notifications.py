"""The door of notifications to the broker: what happened → who is told."""

from __future__ import annotations

from collections.abc import Sequence

from consumers.handlers import Happened, Listener
from payflow.events.rewards import RewardIssued
from payflow.events.transfers import TransferCompleted, TransferFailed
from payflow.kernel.db import UnitOfWork
from payflow.kernel.money import Money
from subgraphs.notifications.domain import (
    Notice,
    Reward,
    Transfer,
    on_reward_issued,
    on_transfer_completed,
    on_transfer_failed,
)
from subgraphs.notifications.service import Notifications


def listener(notifications: Notifications) -> Listener:
    """Event types → use case."""

    async def tell(events: Sequence[Happened], work: UnitOfWork) -> None:
        await notifications.tell([notice for event in events for notice in _notices(event)], work)

    return Listener(events=(TransferCompleted, TransferFailed, RewardIssued), handle=tell)


def _notices(event: Happened) -> Sequence[Notice]:
    match event.data:
        case TransferCompleted():
            return on_transfer_completed(event.id, _transfer(event.data))
        case TransferFailed():
            return on_transfer_failed(event.id, _transfer(event.data), event.data.failure_code)
        case RewardIssued():
            return on_reward_issued(event.id, _reward(event.data))
    raise AssertionError(event)


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
