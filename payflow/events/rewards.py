"""What rewards tells: a reward has been paid. Topic rewards.v1, keyed by the reward's id."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from payflow.events.envelope import Amount, Currency, EventData

TOPIC = "rewards.v1"
SOURCE = "payflow/rewards"


class RewardIssued(EventData):
    """The cashback for a transfer stands in its payer's wallet."""

    TYPE: ClassVar[str] = "reward.issued.v1"
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
    issued_at: datetime

    @property
    def subject(self) -> str:
        return str(self.reward_id)
