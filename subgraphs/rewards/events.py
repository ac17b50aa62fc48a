"""What rewards tells the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from payflow.events.envelope import to_record
from payflow.events.rewards import RewardClawedBack, RewardIssued
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import derived_id
from payflow.kernel.outbox import Outbox
from payflow.kernel.publisher import Record
from subgraphs.rewards.clawbacks import ClawBack
from subgraphs.rewards.domain import Reward


async def rewards_issued(outbox: Outbox, issued: Sequence[Reward], work: UnitOfWork) -> None:
    """Tell that the rewards stand in their wallets. An event's id follows from the reward's, so it cannot be told twice."""
    await outbox.add_all(work, [_issued(reward) for reward in issued])


async def rewards_clawed_back(
    outbox: Outbox, taken: Sequence[tuple[ClawBack, int]], work: UnitOfWork, *, now: datetime
) -> None:
    """Tell what was taken back, beside each claw-back as it stands now. An event's id follows from the claw-back's, and its round."""
    await outbox.add_all(work, [_clawed_back(claim, amount, now=now) for claim, amount in taken])


def _issued(reward: Reward) -> tuple[UUID, Record]:
    assert reward.issued_at is not None
    event = RewardIssued(**_about(reward), amount=reward.amount.amount, issued_at=reward.issued_at)
    event_id = derived_id(reward.id, RewardIssued.TYPE)
    return event_id, to_record(event, event_id=event_id, time=reward.issued_at, request_id=reward.request_id)


def _clawed_back(claim: ClawBack, amount: int, *, now: datetime) -> tuple[UUID, Record]:
    event = RewardClawedBack(
        **_about(claim.reward),
        amount=amount,
        refund_id=claim.refund_id,
        clawed_back=claim.reward.clawed_back,
        owed=claim.owed,
        clawed_back_at=now,
    )
    event_id = derived_id(claim.id, f"{RewardClawedBack.TYPE}:{claim.round}")
    return event_id, to_record(event, event_id=event_id, time=now, request_id=claim.request_id)


def _about(reward: Reward) -> dict[str, Any]:
    return {
        "reward_id": reward.id,
        "user_id": reward.user_id,
        "transfer_id": reward.transfer_id,
        "campaign_id": reward.campaign.id,
        "campaign_name": reward.campaign.name,
        "wallet_id": reward.wallet_id,
        "currency": reward.amount.currency,
    }
