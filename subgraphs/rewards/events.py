"""What rewards tells the others."""

from __future__ import annotations

from payflow.events.envelope import to_record
from payflow.events.rewards import RewardIssued
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import derived_id
from payflow.kernel.outbox import Outbox
from subgraphs.rewards.domain import Reward


async def reward_issued(outbox: Outbox, reward: Reward, work: UnitOfWork) -> None:
    """Tell that the reward stands in its wallet. The event's id follows from the reward's, so it cannot be told twice."""
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
    await outbox.add(work, event_id=event_id, record=to_record(event, event_id=event_id, time=reward.issued_at))
