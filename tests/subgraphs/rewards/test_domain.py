"""What a transfer earns."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payflow.kernel.money import MINOR_UNITS_MAX, Money
from subgraphs.rewards.domain import (
    Assessment,
    Campaign,
    CompletedTransfer,
    Outcome,
    Period,
    Reward,
    RewardStatus,
    Room,
    decide,
)
from tests.subgraphs.rewards.world import NOW, transfer

ONE_PER_CENT = Campaign(id=UUID(int=1), name="Welcome", rate=100, currency="USD", starts_at=NOW - timedelta(days=1))


def made_of(paid: CompletedTransfer, *campaigns: Campaign, room: Room | None = None) -> Assessment:
    return decide(paid, campaigns, room=room or Room(), now=NOW)


def earned(paid: CompletedTransfer, *campaigns: Campaign, room: Room | None = None) -> Reward | None:
    return made_of(paid, *campaigns, room=room).reward


def test_the_payer_earns_into_the_wallet_that_paid() -> None:
    """One per cent of $25.00 is $0.25, pending, for the payer."""
    paid = transfer()

    reward = earned(paid, ONE_PER_CENT)

    assert reward is not None
    assert (reward.amount, reward.status, reward.clamped) == (Money(25, "USD"), RewardStatus.PENDING, False)
    assert (reward.user_id, reward.wallet_id, reward.transfer_id) == (paid.payer_id, paid.from_wallet_id, paid.id)


def test_the_id_follows_from_transfer_and_campaign() -> None:
    """Deciding again gives the same id: it keys the credit."""
    paid, other = transfer(), replace(ONE_PER_CENT, id=UUID(int=2))

    ids = {earned(paid, campaign).id for campaign in (ONE_PER_CENT, ONE_PER_CENT, other)}  # type: ignore[union-attr]  # each earns

    assert len(ids) == 2


@pytest.mark.parametrize(("amount", "gives"), [(99, None), (100, 1), (199, 1), (200, 2)])
def test_fractions_are_rounded_down_and_nothing_is_no_reward(amount: int, gives: int | None) -> None:
    """Less than a minor unit earns nothing at all."""
    made = made_of(transfer(amount), ONE_PER_CENT)

    assert (made.reward and made.reward.amount.amount) == gives
    assert made.outcome is (Outcome.NOTHING_OFFERED if gives is None else Outcome.EARNED)


@pytest.mark.parametrize(
    "campaign",
    [
        replace(ONE_PER_CENT, currency="EUR"),
        replace(ONE_PER_CENT, starts_at=NOW + timedelta(microseconds=1)),
        replace(ONE_PER_CENT, ends_at=NOW),
        replace(ONE_PER_CENT, minimum=Money(2501, "USD")),
    ],
    ids=["another currency", "not yet", "over", "too little"],
)
def test_campaigns_that_do_not_count(campaign: Campaign) -> None:
    """Currency, window and minimum each rule a campaign out."""
    assert made_of(transfer(), campaign).outcome is Outcome.NOTHING_OFFERED


def test_the_window_is_held_against_the_completion() -> None:
    """A transfer that completed while the campaign ran earns, however late we hear of it."""
    ended = replace(ONE_PER_CENT, ends_at=NOW + timedelta(seconds=1))

    assert decide(transfer(), [ended], room=Room(), now=NOW + timedelta(days=30)).reward is not None


def test_bounds_are_inclusive_and_the_cap_holds() -> None:
    """The minimum itself earns; a reward never exceeds the cap, and a cap is what was promised, so it clamps nothing."""
    campaign = replace(ONE_PER_CENT, minimum=Money(2500, "USD"), cap=Money(20, "USD"))

    reward = earned(transfer(2500), campaign)

    assert reward is not None
    assert (reward.amount, reward.clamped) == (Money(20, "USD"), False)


def test_of_several_campaigns_the_best_counts() -> None:
    """A transfer earns once: under the campaign that gives most, the first of equal ones."""
    better = replace(ONE_PER_CENT, id=UUID(int=3), rate=200)
    as_good = replace(better, id=UUID(int=4))

    reward = earned(transfer(), as_good, ONE_PER_CENT, better)

    assert reward is not None
    assert (reward.campaign, reward.amount) == (better, Money(50, "USD"))


def test_what_has_gone_back_before_earns_nothing() -> None:
    """Of a transfer that was refunded in part before it was heard of, the rest earns."""
    reward = earned(replace(transfer(2500), refunded=1500), ONE_PER_CENT)

    assert reward is not None
    assert (reward.amount, reward.refunded_before) == (Money(10, "USD"), 1500)


def test_what_is_left_is_given_and_said_to_be_less() -> None:
    """Budget and a person's cap clamp; when nothing is left, nothing is given."""
    limited = replace(ONE_PER_CENT, budget=Money(60, "USD"), user_cap=Money(40, "USD"))
    room, ada = Room(spent={limited.id: 0}), transfer().payer_id
    amounts = []
    for payer in (ada, ada, ada, transfer().payer_id, transfer().payer_id):
        made = made_of(transfer(2500, payer_id=payer), limited, room=room)
        if made.reward is not None:
            room.take(made.reward)
        amounts.append((made.reward and (made.reward.amount.amount, made.reward.clamped), made.outcome.value))

    assert amounts == [
        ((25, False), "EARNED"),
        ((15, True), "EARNED"),
        (None, "USED_UP"),
        ((20, True), "EARNED"),
        (None, "USED_UP"),
    ]


def test_a_campaign_with_room_is_better_than_one_without() -> None:
    """What counts is what a campaign would really give."""
    generous = replace(ONE_PER_CENT, id=UUID(int=3), rate=5000, budget=Money(100, "USD"))

    reward = earned(transfer(), generous, ONE_PER_CENT, room=Room(spent={generous.id: 90}))

    assert reward is not None
    assert (reward.campaign, reward.clamped) == (ONE_PER_CENT, False)


def test_a_budget_that_is_overspent_gives_nothing() -> None:
    """Less than nothing is nothing."""
    limited = replace(ONE_PER_CENT, budget=Money(60, "USD"))

    assert made_of(transfer(), limited, room=Room(spent={limited.id: 70})).outcome is Outcome.USED_UP


@pytest.mark.parametrize(
    ("period", "counted"),
    [(Period.DAY, 1), (Period.WEEK, 1 + 2), (Period.MONTH, 1 + 2 + 4), (Period.CAMPAIGN, 1 + 2 + 4 + 8)],
)
def test_a_period_is_of_the_calendar(period: Period, counted: int) -> None:
    """On Sunday the 22nd: its day, its week from Monday the 16th, its month, everything."""
    campaign = replace(ONE_PER_CENT, user_cap=Money(20, "USD"), period=period)
    paid = transfer(2500)
    days = Counter({date(2026, 11, 22): 1, date(2026, 11, 16): 2, date(2026, 11, 1): 4, date(2025, 12, 31): 8})
    room = Room(days={(campaign.id, paid.payer_id): days})

    reward = earned(paid, campaign, room=room)

    assert reward is not None
    assert reward.amount.amount == 20 - counted


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(Period))
def test_every_day_lies_in_its_period(day: date, period: Period) -> None:
    """Its first and last day have the same period, and the day before and behind have another."""
    first, last = period.first_day(day), period.last_day(day)

    assert first <= day <= last
    if period is not Period.CAMPAIGN:
        assert {period.first_day(first), period.first_day(last)} == {first}
        assert period.first_day(last + timedelta(days=1)) == last + timedelta(days=1)


def test_the_day_is_that_of_utc() -> None:
    """Wherever the instant was written down."""
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert transfer(completed_at=late).day == date(2026, 11, 23)
    assert transfer(completed_at=late.astimezone(UTC)).day == date(2026, 11, 23)


@given(
    amount=st.integers(1, MINOR_UNITS_MAX),
    rate=st.integers(1, 10_000),
    cap=st.none() | st.integers(1, MINOR_UNITS_MAX),
    left=st.none() | st.integers(0, MINOR_UNITS_MAX),
)
def test_a_reward_is_never_more_than_promised(amount: int, rate: int, cap: int | None, left: int | None) -> None:
    """Whatever the numbers: at most the rate, at most the cap, at most what is left, and all of the smallest of them."""
    campaign = replace(
        ONE_PER_CENT,
        rate=rate,
        cap=None if cap is None else Money(cap, "USD"),
        budget=None if left is None else Money(left + 7, "USD"),
    )
    reward = earned(transfer(amount), campaign, room=Room(spent={campaign.id: 7}))

    promised = min(limit for limit in (amount * rate // 10_000, cap, left) if limit is not None)
    assert (0 if reward is None else reward.amount.amount) == promised
    assert promised * 10_000 <= amount * rate
