"""What rewards tells the others."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from payflow.events.envelope import to_record
from payflow.events.rewards import RewardIssued
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import derived_id
from payflow.kernel.outbox import Outbox
from payflow.kernel.publisher import Record
from subgraphs.rewards.domain import Reward


async def rewards_issued(outbox: Outbox, issued: Sequence[tuple[Reward, str | None]], work: UnitOfWork) -> None:
    """Tell that the rewards stand in their wallets; beside each the request that it comes from.

    An event's id follows from the reward's, so it cannot be told twice.
    """
    await outbox.add_all(work, [_issued(reward, request_id) for reward, request_id in issued])


def _issued(reward: Reward, request_id: str | None) -> tuple[UUID, Record]:
    assert reward.issued_at is not None
    event = RewardIssued(
        reward_id=reward.id,
        user_id=reward.user_id,
        transfer_id=reward.transfer_id,
        campaign_id=reward.campaign.id,
        campaign_name=reward.campaign.name,
        wallet_id=reward.wallet_id,
        amount=reward.amount.amount,
        currency=reward.amount.currency,
        issued_at=reward.issued_at,
    )
    event_id = derived_id(reward.id, RewardIssued.TYPE)
    return event_id, to_record(event, event_id=event_id, time=reward.issued_at, request_id=request_id)
