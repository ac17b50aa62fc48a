"""How much of a reward goes back for how much of its transfer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards.clawbacks import ClawBack, ClawBackState, Refunded, claw_back
from subgraphs.rewards.domain import Campaign, Reward, RewardStatus
from tests.subgraphs.rewards.world import NOW

CAMPAIGN = Campaign(id=UUID(int=1), name="Welcome", rate=100, currency="USD", starts_at=NOW - timedelta(days=1))


def reward_of(amount: int, *, refunded_before: int = 0) -> Reward:
    return Reward(
        id=new_id(),
        user_id=new_id(),
        transfer_id=new_id(),
        wallet_id=new_id(),
        campaign=CAMPAIGN,
        amount=Money(amount, "USD"),
        status=RewardStatus.ISSUED,
        created_at=NOW,
        earned_on=NOW.date(),
        issued_at=NOW,
        refunded_before=refunded_before,
    )


def told(reward: Reward, *, paid: int, refunded: int) -> Refunded:
    return Refunded(
        refund_id=new_id(),
        transfer_id=reward.transfer_id,
        paid=Money(paid, "USD"),
        refunded=Money(refunded, "USD"),
        refunded_at=NOW,
    )


def claims_of(reward: Reward, paid: int, refunds: list[int]) -> tuple[Reward, list[ClawBack]]:
    """Hear of refunds one after the other, each with what has gone back in all by then."""
    claims = []
    for refunded in refunds:
        claim = claw_back(reward, told(reward, paid=paid, refunded=refunded), now=NOW)
        if claim is not None:
            claims.append(claim)
            reward = replace(reward, reclaimed=reward.reclaimed + claim.amount)
    return reward, claims


@st.composite
def refunded_transfers(draw: st.DrawFn) -> tuple[int, int, int, list[int]]:
    """What was paid, the reward, what had gone back before it was granted, and what has gone back in all after each refund."""
    paid = draw(st.integers(1, 10**12))
    before = draw(st.integers(0, paid - 1))
    amount = draw(st.integers(1, paid))
    steps = draw(st.lists(st.integers(before, paid), min_size=1, max_size=12))
    return paid, amount, before, sorted(steps)


@given(refunded_transfers())
def test_what_goes_back_is_in_proportion_and_exact_at_the_end(case: tuple[int, int, int, list[int]]) -> None:
    """After each refund what is undue in all is the proportion, rounded down; never more than the reward, and all of it at last."""
    paid, amount, before, steps = case
    reward = reward_of(amount, refunded_before=before)

    for upto in range(1, len(steps) + 1):
        after, claims = claims_of(reward, paid, steps[:upto])
        assert after.reclaimed == sum(claim.amount for claim in claims)
        assert after.reclaimed == amount * (steps[upto - 1] - before) // (paid - before)
        assert after.reclaimed <= amount
        assert all(claim.amount > 0 for claim in claims)

    after, _ = claims_of(reward, paid, [*steps, paid])
    assert after.reclaimed == amount


@given(refunded_transfers(), st.randoms())
def test_the_order_in_which_refunds_are_heard_of_does_not_matter(
    case: tuple[int, int, int, list[int]], chance: object
) -> None:
    """Each says how much has gone back in all, so one that comes late adds nothing, and a repeat neither."""
    paid, amount, before, steps = case
    reward, shuffled = reward_of(amount, refunded_before=before), steps * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random, as Hypothesis hands it out

    assert claims_of(reward, paid, shuffled)[0].reclaimed == claims_of(reward, paid, steps)[0].reclaimed


@given(st.integers(1, 10**12), st.lists(st.integers(0, 10**12), max_size=8))
def test_rounds_take_all_of_it_and_no_more(amount: int, available: list[int]) -> None:
    """What a wallet has not got is owed, whatever it has each time; each round has a key of its own."""
    reward = reward_of(10**12)
    claim = claw_back(reward, told(reward, paid=10**12, refunded=amount), now=NOW)
    assert claim is not None
    keys, taken = {claim.key}, 0
    for has in available:
        if claim.state is not ClawBackState.SETTLED:
            got = min(has, claim.asked)
            claim, taken = claim.after(got), taken + got
            keys.add(claim.key)
            assert (claim.taken, claim.owed) == (taken, amount - taken)
            assert (claim.state is ClawBackState.SETTLED) == (taken == amount)
    assert len(keys) == claim.round + 1


def test_a_rejected_reward_has_nothing_to_give_back() -> None:
    """It was never paid."""
    reward = replace(reward_of(25), status=RewardStatus.REJECTED)

    assert claw_back(reward, told(reward, paid=2500, refunded=2500), now=NOW) is None


def test_the_id_follows_from_refund_and_reward() -> None:
    """The same refund heard of again is the same claim."""
    reward = reward_of(25)
    refunded = told(reward, paid=2500, refunded=1000)

    first, again = (claw_back(reward, refunded, now=NOW) for _ in range(2))

    assert first is not None
    assert again is not None
    assert (first.id, first.key, first.amount) == (again.id, again.key, 10)
