"""What a transfer earns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payflow.kernel.ids import new_id
from payflow.kernel.money import MINOR_UNITS_MAX, Money
from subgraphs.rewards.domain import TRANSITIONS, Campaign, CompletedTransfer, RewardStatus, decide

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ONE_PER_CENT = Campaign(id=UUID(int=1), name="Welcome", rate=100, currency="USD", starts_at=NOW - timedelta(days=1))


def transfer(amount: int = 2500, currency: str = "USD") -> CompletedTransfer:
    return CompletedTransfer(
        id=new_id(),
        payer_id=new_id(),
        payee_id=new_id(),
        from_wallet_id=new_id(),
        amount=Money(amount, currency),
        completed_at=NOW,
    )


def test_the_payer_earns_into_the_wallet_that_paid() -> None:
    """One per cent of $25.00 is $0.25, pending, for the payer."""
    paid = transfer()

    reward = decide(paid, [ONE_PER_CENT], now=NOW)

    assert reward is not None
    assert (reward.amount, reward.status) == (Money(25, "USD"), RewardStatus.PENDING)
    assert (reward.user_id, reward.wallet_id, reward.transfer_id) == (paid.payer_id, paid.from_wallet_id, paid.id)


def test_the_id_follows_from_transfer_and_campaign() -> None:
    """Deciding again gives the same id: it keys the credit."""
    paid, other = transfer(), replace(ONE_PER_CENT, id=UUID(int=2))

    ids = {decide(paid, [campaign], now=NOW).id for campaign in (ONE_PER_CENT, ONE_PER_CENT, other)}  # type: ignore[union-attr]  # each earns

    assert len(ids) == 2


@pytest.mark.parametrize(("amount", "earned"), [(99, None), (100, 1), (199, 1), (200, 2)])
def test_fractions_are_rounded_down_and_nothing_is_no_reward(amount: int, earned: int | None) -> None:
    """Less than a minor unit earns nothing at all."""
    reward = decide(transfer(amount), [ONE_PER_CENT], now=NOW)

    assert (reward and reward.amount.amount) == earned


def test_paying_oneself_earns_nothing() -> None:
    """A transfer between wallets of one person is no purchase."""
    paid = transfer()

    assert decide(replace(paid, payee_id=paid.payer_id), [ONE_PER_CENT], now=NOW) is None


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
    assert decide(transfer(), [campaign], now=NOW) is None


def test_the_window_is_held_against_the_completion() -> None:
    """A transfer that completed while the campaign ran earns, however late we hear of it."""
    ended = replace(ONE_PER_CENT, ends_at=NOW + timedelta(seconds=1))

    assert decide(transfer(), [ended], now=NOW + timedelta(days=30)) is not None


def test_bounds_are_inclusive_and_the_cap_holds() -> None:
    """The minimum itself earns; a reward never exceeds the cap."""
    campaign = replace(ONE_PER_CENT, minimum=Money(2500, "USD"), cap=Money(20, "USD"))

    reward = decide(transfer(2500), [campaign], now=NOW)

    assert reward is not None
    assert reward.amount == Money(20, "USD")


def test_of_several_campaigns_the_best_counts() -> None:
    """A transfer earns once: under the campaign that gives most, the first of equal ones."""
    better = replace(ONE_PER_CENT, id=UUID(int=3), rate=200)
    as_good = replace(better, id=UUID(int=4))

    reward = decide(transfer(), [as_good, ONE_PER_CENT, better], now=NOW)

    assert reward is not None
    assert (reward.campaign, reward.amount) == (better, Money(50, "USD"))


@given(
    amount=st.integers(1, MINOR_UNITS_MAX),
    rate=st.integers(1, 10_000),
    cap=st.none() | st.integers(1, MINOR_UNITS_MAX),
)
def test_a_reward_is_never_more_than_promised(amount: int, rate: int, cap: int | None) -> None:
    """Whatever the numbers: at most the rate, at most the cap, and within one minor unit of the smaller of them."""
    campaign = replace(ONE_PER_CENT, rate=rate, cap=None if cap is None else Money(cap, "USD"))

    reward = decide(transfer(amount), [campaign], now=NOW)

    exact = amount * rate // 10_000
    promised = exact if cap is None else min(exact, cap)
    assert (0 if reward is None else reward.amount.amount) == promised
    assert promised * 10_000 <= amount * rate


def test_status_only_goes_forward() -> None:
    """ISSUED is the end."""
    assert {RewardStatus.PENDING: {RewardStatus.ISSUED}, RewardStatus.ISSUED: set()} == TRANSITIONS
