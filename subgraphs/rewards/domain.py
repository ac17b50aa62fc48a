"""Campaigns, rewards, and what a transfer earns: pure, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from payflow.kernel.ids import derived_id
from payflow.kernel.money import Money


class RewardStatus(StrEnum):
    """PENDING: granted, the wallet may not have it yet. ISSUED: it has. CLAWED_BACK: all of it has gone back. REJECTED: the wallet
    cannot be paid, so there is no reward."""

    PENDING = "PENDING"
    ISSUED = "ISSUED"
    CLAWED_BACK = "CLAWED_BACK"
    REJECTED = "REJECTED"


PAID = (RewardStatus.ISSUED, RewardStatus.CLAWED_BACK)


class Period(StrEnum):
    """Over what a person's rewards are added up for their cap: by the calendar, in UTC; CAMPAIGN: as long as it runs."""

    DAY = "DAY"
    WEEK = "WEEK"  # from Monday
    MONTH = "MONTH"
    CAMPAIGN = "CAMPAIGN"

    def first_day(self, day: date) -> date:
        """Of the period that a day lies in."""
        match self:
            case Period.DAY:
                return day
            case Period.WEEK:
                return day - timedelta(days=day.weekday())
            case Period.MONTH:
                return day.replace(day=1)
            case Period.CAMPAIGN:
                return date.min

    def last_day(self, day: date) -> date:
        """Of the period that a day lies in."""
        match self:
            case Period.DAY:
                return day
            case Period.WEEK:
                return self.first_day(day) + timedelta(days=6)
            case Period.MONTH:
                return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            case Period.CAMPAIGN:
                return date.max


class Source(StrEnum):
    """What a reward is paid from. REWARDS: it was granted before campaigns had funds."""

    CAMPAIGN = "CAMPAIGN"
    REWARDS = "REWARDS"


class Outcome(StrEnum):
    """What was made of a transfer."""

    EARNED = "EARNED"
    NOTHING_OFFERED = "NOTHING_OFFERED"  # no campaign ran for it, or what it gives is less than a minor unit
    USED_UP = "USED_UP"  # nothing is left of the payer's cap, or of the budget
    CIRCULAR = "CIRCULAR"  # the payee has paid the payer lately, or they are one person
    REFUNDED = "REFUNDED"  # all of it had gone back before


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """An offer under one version of its terms: `rate` basis points of every transfer in its currency while it runs.

    `cap` is the most for one transfer, `user_cap` for one person in a period, `budget` for all together. `spent` is what has been granted
    so far, less what went back; it is the campaign's and not the version's.
    """

    id: UUID
    name: str
    rate: int
    currency: str
    cap: Money | None = None
    minimum: Money | None = None
    starts_at: datetime
    ends_at: datetime | None = None
    version: int = 1
    user_cap: Money | None = None
    period: Period = Period.CAMPAIGN
    budget: Money | None = None
    spent: int = field(default=0, compare=False)

    def runs_at(self, instant: datetime) -> bool:
        """Whether the campaign counts at this instant; its end is the first instant that does not."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)

    def reward_for(self, amount: Money) -> Money:
        """What a transfer of this amount, in the campaign's currency, earns: rounded down, at most the cap."""
        if self.minimum is not None and amount < self.minimum:
            return Money(0, amount.currency)
        earned = amount.basis_points(self.rate)
        return earned if self.cap is None or earned <= self.cap else self.cap

    @property
    def budget_left(self) -> Money | None:
        """None where there is no budget."""
        return None if self.budget is None else Money(max(0, self.budget.amount - self.spent), self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedTransfer:
    """What rewards knows of a transfer that has reached its payee. `request_id` names the request that it comes from, if any.

    `refunded` is what had gone back of it before it was heard of, in minor units: only the rest earns.
    """

    id: UUID
    payer_id: UUID
    payee_id: UUID
    from_wallet_id: UUID
    amount: Money
    completed_at: datetime
    request_id: str | None = None
    refunded: int = 0

    @property
    def kept(self) -> Money:
        return Money(max(0, self.amount.amount - self.refunded), self.amount.currency)

    @property
    def day(self) -> date:
        """In UTC: what caps are counted by."""
        return self.completed_at.astimezone(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Money for a payer, into the wallet that paid.

    `clamped`: cap or budget had less left than the rate gives. `refunded_before` is what had gone back of the transfer when the reward
    was granted. `reclaimed` is what refunds have made undue so far, `clawed_back` what of that has been taken. `round` counts the tries
    that the wallet has refused since the fund was empty: each has a key of its own, for the wallet remembers refusals.
    """

    id: UUID
    user_id: UUID
    transfer_id: UUID
    wallet_id: UUID
    campaign: Campaign
    amount: Money
    status: RewardStatus
    created_at: datetime
    earned_on: date
    issued_at: datetime | None = None
    clamped: bool = False
    refunded_before: int = 0
    reclaimed: int = 0
    clawed_back: int = 0
    round: int = 0
    attempts: int = 0
    source: Source = Source.CAMPAIGN
    request_id: str | None = None

    @property
    def gone_back(self) -> Money:
        return Money(self.clawed_back, self.amount.currency)

    @property
    def key(self) -> UUID:
        """Of the credit that pays it."""
        return self.id if self.round == 0 else derived_id(self.id, f"CREDIT:{self.round}")

    def due_back(self, *, paid: int, refunded: int) -> int:
        """What is not earned any more once `refunded` of the `paid` has gone back: in proportion, rounded down, all at the end."""
        basis = paid - self.refunded_before
        gone = min(max(0, refunded - self.refunded_before), basis)
        return self.amount.amount * gone // basis if basis > 0 else self.amount.amount


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was made of a transfer, with the reward where it earned one."""

    transfer: CompletedTransfer
    outcome: Outcome
    reward: Reward | None = None


def decide(transfer: CompletedTransfer, campaigns: Iterable[Campaign], *, room: Room, now: datetime) -> Assessment:
    """The reward that a transfer earns under the campaign that gives most, as long as there is room.

    `campaigns` are those that ran when the transfer completed, under the terms of that time.
    """
    offers = [
        (campaign.reward_for(transfer.kept), campaign)
        for campaign in campaigns
        if campaign.currency == transfer.amount.currency and campaign.runs_at(transfer.completed_at)
    ]
    worth = [(full, room.clamp(full, campaign, transfer), campaign) for full, campaign in offers if full.amount > 0]
    if not worth:
        return Assessment(transfer, Outcome.NOTHING_OFFERED)
    full, amount, campaign = min(worth, key=lambda offer: (-offer[1].amount, offer[2].id))
    if amount.amount <= 0:
        return Assessment(transfer, Outcome.USED_UP)
    reward = Reward(
        id=derived_id(transfer.id, f"REWARD:{campaign.id}"),
        user_id=transfer.payer_id,
        transfer_id=transfer.id,
        wallet_id=transfer.from_wallet_id,
        campaign=campaign,
        amount=amount,
        status=RewardStatus.PENDING,
        created_at=now,
        earned_on=transfer.day,
        clamped=amount < full,
        refunded_before=transfer.refunded,
        request_id=transfer.request_id,
    )
    return Assessment(transfer, Outcome.EARNED, reward)


@dataclass(slots=True)
class Room:
    """What is left of budgets and of people's caps, counted down as rewards are granted. All in minor units.

    `spent` is by campaign, `days` by campaign and person; both hold what is counted so far, locked by whoever asks. `added` is what is
    granted now.
    """

    spent: dict[UUID, int] = field(default_factory=dict)
    days: dict[tuple[UUID, UUID], Counter[date]] = field(default_factory=dict)
    added: Counter[tuple[UUID, UUID, date]] = field(default_factory=Counter)

    def clamp(self, amount: Money, campaign: Campaign, transfer: CompletedTransfer) -> Money:
        """As much of an amount as there is room for."""
        left = amount.amount
        if campaign.budget is not None:
            left = min(left, campaign.budget.amount - self.spent.get(campaign.id, 0))
        if campaign.user_cap is not None:
            left = min(left, campaign.user_cap.amount - self._earned_in_period(campaign, transfer))
        return Money(max(0, left), amount.currency)

    def take(self, reward: Reward) -> None:
        """Count a reward that is granted."""
        campaign_id, amount = reward.campaign.id, reward.amount.amount
        self.spent[campaign_id] = self.spent.get(campaign_id, 0) + amount
        self.days.setdefault((campaign_id, reward.user_id), Counter())[reward.earned_on] += amount
        self.added[campaign_id, reward.user_id, reward.earned_on] += amount

    def _earned_in_period(self, campaign: Campaign, transfer: CompletedTransfer) -> int:
        first, last = campaign.period.first_day(transfer.day), campaign.period.last_day(transfer.day)
        days = self.days.get((campaign.id, transfer.payer_id), Counter[date]())
        return sum(amount for day, amount in days.items() if first <= day <= last)
