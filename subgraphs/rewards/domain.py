"""Campaigns, rewards, and what a transfer earns: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payflow.kernel.ids import derived_id
from payflow.kernel.money import Money


class RewardStatus(StrEnum):
    """PENDING: granted, the wallet may not have it yet. ISSUED: it has."""

    PENDING = "PENDING"
    ISSUED = "ISSUED"


TRANSITIONS: dict[RewardStatus, frozenset[RewardStatus]] = {
    RewardStatus.PENDING: frozenset({RewardStatus.ISSUED}),
    RewardStatus.ISSUED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """An offer: `rate` basis points of every transfer in its currency while it runs."""

    id: UUID
    name: str
    rate: int
    currency: str
    cap: Money | None = None
    minimum: Money | None = None
    starts_at: datetime
    ends_at: datetime | None = None

    def runs_at(self, instant: datetime) -> bool:
        """Whether the campaign counts at this instant; its end is the first instant that does not."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)

    def reward_for(self, amount: Money) -> Money:
        """What a transfer of this amount, in the campaign's currency, earns: rounded down, at most the cap."""
        if self.minimum is not None and amount < self.minimum:
            return Money(0, amount.currency)
        earned = amount.basis_points(self.rate)
        return earned if self.cap is None or earned <= self.cap else self.cap


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedTransfer:
    """What rewards knows of a transfer that has reached its payee. `request_id` names the request that it comes from, if any."""

    id: UUID
    payer_id: UUID
    payee_id: UUID
    from_wallet_id: UUID
    amount: Money
    completed_at: datetime
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Money for a payer, into the wallet that paid. `id` is also the idempotency key of its credit."""

    id: UUID
    user_id: UUID
    transfer_id: UUID
    wallet_id: UUID
    campaign: Campaign
    amount: Money
    status: RewardStatus
    created_at: datetime
    issued_at: datetime | None = None


def decide(transfer: CompletedTransfer, campaigns: Iterable[Campaign], *, now: datetime) -> Reward | None:
    """The reward that a transfer earns under the campaign that gives most; None where there is nothing to give.

    Paying oneself earns nothing. A campaign counts if it ran when the transfer completed, however late we hear of it.
    """
    if transfer.payer_id == transfer.payee_id:
        return None
    offers = [
        (campaign.reward_for(transfer.amount), campaign)
        for campaign in campaigns
        if campaign.currency == transfer.amount.currency and campaign.runs_at(transfer.completed_at)
    ]
    if not offers:
        return None
    amount, campaign = min(offers, key=lambda offer: (-offer[0].amount, offer[1].id))
    if amount.amount <= 0:
        return None
    return Reward(
        id=derived_id(transfer.id, f"REWARD:{campaign.id}"),
        user_id=transfer.payer_id,
        transfer_id=transfer.id,
        wallet_id=transfer.from_wallet_id,
        campaign=campaign,
        amount=amount,
        status=RewardStatus.PENDING,
        created_at=now,
    )
