"""What rewards tells: a reward has been paid, or taken back. Topic rewards.v1, keyed by the reward's id."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from payflow.events.envelope import Amount, Currency, EventData
from payflow.kernel.money import MINOR_UNITS_MAX

TOPIC = "rewards.v1"
SOURCE = "payflow/rewards"


class _Reward(EventData):
    TOPIC: ClassVar[str] = TOPIC
    SOURCE: ClassVar[str] = SOURCE

    reward_id: UUID
    user_id: UUID
    transfer_id: UUID
    campaign_id: UUID
    campaign_name: str
    wallet_id: UUID
    amount: Amount
    currency: Currency

    @property
    def subject(self) -> str:
        return str(self.reward_id)


class RewardIssued(_Reward):
    """The cashback for a transfer stands in its payer's wallet."""

    TYPE: ClassVar[str] = "reward.issued.v1"

    issued_at: datetime


class RewardClawedBack(_Reward):
    """A part of a cashback, or all of it, was taken from its earner's wallet, for its transfer was refunded. `amount` was taken now."""

    TYPE: ClassVar[str] = "reward.clawed_back.v1"

    refund_id: UUID
    clawed_back: Annotated[Amount, Field(description="What has been taken back in all, this time included.")]
    owed: Annotated[
        int,
        Field(ge=0, le=MINOR_UNITS_MAX, description="What this refund made undue and the wallet has not had so far."),
    ]
    clawed_back_at: datetime
