"""How the money of rewards moves: paid once and taken back once, whatever fails in between; and what an empty fund does."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards import operating, payouts
from subgraphs.rewards.campaigns import State
from subgraphs.rewards.campaigns_store import Action, changes_of
from subgraphs.rewards.clawbacks import ClawBackState
from subgraphs.rewards.domain import RewardStatus
from subgraphs.rewards.wallet import Credit, MemoryWallet
from tests.subgraphs.rewards.world import DEFAULT_CAMPAIGN, NOW, OPERATOR, World, refund

LATER = timedelta(minutes=10)  # past every head start, lease and back-off


async def status(world: World, paid: Any) -> RewardStatus:
    reward = await world.reward(paid)
    assert reward is not None
    return reward.status


async def fund(world: World, campaign_id: UUID, amount: int) -> None:
    """What the operator's command does: money into the fund, then the record."""
    world.wallet.funds[campaign_id] = world.wallet.funds.get(campaign_id, 0) + amount
    async with world.database.unit_of_work() as work:
        money = Money(amount, "USD")
        await operating.note_funding(work, campaign_id, money, by=OPERATOR, clock=world.clock)


# ── paying ──


async def test_what_is_granted_is_paid_and_told(world: World) -> None:
    """The money is in the wallet that paid, the reward ISSUED, and the event says so."""
    paid = world.transfer(2500, request_id="request-1")

    await world.completes(paid)

    assert (world.balance(paid), await status(world, paid)) == (25, RewardStatus.ISSUED)
    (told,) = await world.told()
    assert (told["type"], told["amount"], told["transfer_id"]) == ("reward.issued.v1", 25, str(paid.id))


async def test_a_crash_behind_the_grant_is_made_good(world: World) -> None:
    """Nobody pays: the worker leaves it to whoever granted it for a while, then takes it up."""
    paid = world.transfer()
    await world.assess(paid)

    await world.works()
    assert world.balance(paid) == 0
    world.clock.advance(LATER)
    await world.works()

    assert (world.balance(paid), await status(world, paid)) == (25, RewardStatus.ISSUED)
    assert len(await world.told()) == 1


async def test_a_lost_answer_pays_nobody_twice(world: World) -> None:
    """The wallet has paid and nobody heard of it: asked again under the same key, it says so."""
    paid = world.transfer()
    world.wallet.unavailable = 2

    await world.completes(paid)
    assert (world.balance(paid), await status(world, paid)) == (25, RewardStatus.PENDING)
    for _ in range(2):
        world.clock.advance(LATER)
        await world.works()

    assert (world.balance(paid), await status(world, paid)) == (25, RewardStatus.ISSUED)
    assert len(await world.told()) == 1


async def test_many_workers_pay_once(world: World) -> None:
    """Eight workers beside whoever granted."""
    paid = [world.transfer() for _ in range(30)]
    await world.assess(*paid)
    world.clock.advance(LATER)

    await asyncio.gather(*(world.works() for _ in range(8)), world.payouts.settle([one.id for one in paid], []))

    assert [world.balance(one) for one in paid] == [25] * 30
    assert len(await world.told()) == 30
    await world.assert_counted()


async def test_a_wallet_that_cannot_be_paid_gives_cap_and_budget_back(world: World) -> None:
    """It is closed, or gone: the reward is rejected with the reason, and others may have the money."""
    campaign = await world.campaign(budget=10_00)
    gone = world.transfer(100_00, currency="EUR")
    del world.wallet.balances[gone.from_wallet_id]
    other = world.transfer(100_00, currency="EUR")

    await world.completes(gone)
    await world.completes(other)

    assert (await status(world, gone), await status(world, other)) == (RewardStatus.REJECTED, RewardStatus.ISSUED)
    assert (await world.life(campaign.id)).spent == 10_00
    assert [told["transfer_id"] for told in await world.told()] == [str(other.id)]
    await world.assert_counted()


async def test_one_that_fails_does_not_hold_up_the_others(world: World) -> None:
    """Even where asking for it breaks in a way that nobody has thought of."""
    bad, good = world.transfer(), world.transfer()

    class Moody(MemoryWallet):
        async def credit(self, command: Credit) -> None:
            if command.wallet_id == bad.from_wallet_id:
                raise RuntimeError("a bug")
            await MemoryWallet.credit(self, command)

    world.wallet = Moody(world.wallet.balances)
    await world.completes(bad, good)

    assert [await status(world, one) for one in (bad, good)] == [RewardStatus.PENDING, RewardStatus.ISSUED]


async def test_a_silent_wallet_holds_up_nobody_for_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its patience the consumer goes on; the worker asks again."""
    monkeypatch.setattr(payouts, "PATIENCE_S", 0.05)
    paid, speaking = world.transfer(), world.wallet

    class Silent:
        async def credit(self, command: Credit) -> None:
            await asyncio.sleep(3600)

    world.wallet = Silent()
    world.wallet.balances = speaking.balances
    await world.completes(paid)
    assert await status(world, paid) is RewardStatus.PENDING

    world.wallet = speaking
    world.clock.advance(LATER)
    await world.works()
    assert world.balance(paid) == 25


# ── an empty fund ──


async def test_an_empty_fund_pauses_the_campaign_and_loses_no_reward(world: World) -> None:
    """What was granted waits, the record says why, and filling the fund pays it."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 30
    first, second = world.transfer(), world.transfer()
    await world.completes(first)
    await world.completes(second)

    assert (await world.life(DEFAULT_CAMPAIGN)).state_at(world.clock.now()) is State.PAUSED
    world.clock.advance(LATER)
    await world.works()  # asks for nothing of a paused campaign
    assert (world.balance(first), world.balance(second)) == (25, 0)
    late = world.transfer(completed_at=world.clock.now())
    await world.completes(late)

    await fund(world, DEFAULT_CAMPAIGN, 100)
    await world.works()

    assert (world.balance(second), await world.granted(late)) == (25, [0])
    assert world.wallet.funds[DEFAULT_CAMPAIGN] == 80
    assert (await world.life(DEFAULT_CAMPAIGN)).state_at(world.clock.now()) is State.OPEN
    async with world.database.read() as connection:
        record = await changes_of(connection, DEFAULT_CAMPAIGN)
    assert [(line.action, line.actor) for line in record[1:]] == [
        (Action.PAUSE, "service:rewards"),
        (Action.FUND, "operator:ada"),
    ]
    await world.assert_counted()


async def test_a_refusal_for_want_of_money_uses_its_key_up(world: World) -> None:
    """The wallet remembers it under the key, so each try behind one has another; the money moves once all the same."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 0
    paid = world.transfer()
    await world.completes(paid)
    for amount in (1, 100):
        await fund(world, DEFAULT_CAMPAIGN, amount)
        world.clock.advance(LATER)
        await world.works()

    reward = await world.reward(paid)
    assert reward is not None
    assert (reward.round, reward.status, world.balance(paid)) == (2, RewardStatus.ISSUED, 25)
    assert world.wallet.funds[DEFAULT_CAMPAIGN] == 101 - 25


def filled_meanwhile(world: World) -> MemoryWallet:
    """The world's wallet, slow to answer: an operator fills the fund while the answer is on its way."""

    class Slow(MemoryWallet):
        async def credit(self, command: Credit) -> None:
            try:
                await MemoryWallet.credit(self, command)
            finally:
                world.clock.advance(timedelta(seconds=1))
                await fund(world, DEFAULT_CAMPAIGN, 100)

    return Slow(world.wallet.balances, world.wallet.funds)


async def test_a_refusal_of_before_the_filling_does_not_pause_again(world: World) -> None:
    """It was on its way while the operator filled the fund: what it knows is out of date."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 0
    slow = world.transfer(completed_at=NOW - timedelta(seconds=1))

    await world.completes(world.transfer())  # pauses it
    world.clock.advance(timedelta(seconds=1))
    await world.assess(slow)
    world.wallet = filled_meanwhile(world)
    await world.payouts.settle([slow.id], [])

    assert (await world.life(DEFAULT_CAMPAIGN)).state_at(world.clock.now()) is State.OPEN


async def test_a_refusal_of_before_the_filling_does_not_pause_what_was_not_paused(world: World) -> None:
    """An operator who fills the fund in time is not overtaken by an answer that was on its way: the reward is asked for anew."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 0
    paid = world.transfer()

    filled = world.wallet
    world.wallet = filled_meanwhile(world)
    await world.completes(paid)
    world.wallet = filled
    assert (await world.life(DEFAULT_CAMPAIGN)).state_at(world.clock.now()) is State.OPEN

    await world.works()
    assert (world.balance(paid), await status(world, paid)) == (25, RewardStatus.ISSUED)


# ── claw-backs ──


async def test_what_is_refunded_goes_back_in_proportion(world: World) -> None:
    """Three refunds of a payment of $25.00 that earned $0.25: what is undue each time, and all of it in the end."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 1000
    paid = world.transfer(2500)
    await world.completes(paid)
    balances = []
    for refunded in (1000, 1099, 2500):
        await world.goes_back(refund(paid, refunded))
        balances.append(world.balance(paid))

    assert balances == [
        15,
        15,
        0,
    ]  # 2500 * 0.4396 of 25 is 10.99, rounded down 10: nothing more is undue the second time
    assert await status(world, paid) is RewardStatus.CLAWED_BACK
    told = [event for event in await world.told() if event["type"] == "reward.clawed_back.v1"]
    assert [(event["amount"], event["clawed_back"], event["owed"]) for event in told] == [(10, 10, 0), (15, 25, 0)]
    assert world.wallet.funds[DEFAULT_CAMPAIGN] == 1000
    assert (await world.life(DEFAULT_CAMPAIGN)).spent == 0
    await world.assert_counted()


async def test_what_goes_back_is_there_for_others(world: World) -> None:
    """Cap and budget have it again."""
    await world.campaign(budget=10_00, user_cap=10_00)
    ada = new_id()
    first, second, third = (world.transfer(100_00, currency="EUR", payer_id=ada) for _ in range(3))
    await world.completes(first)
    await world.completes(second)
    await world.goes_back(refund(first, 60_00))
    await world.completes(third)

    assert await world.granted(first, second, third) == [10_00, 0, 6_00]
    await world.assert_counted()


async def test_a_repeat_of_a_refund_takes_nothing(world: World) -> None:
    """Delivered again after everything was forgotten but what is stored."""
    paid = world.transfer()
    await world.completes(paid)
    refunded = refund(paid, 1000)

    for _ in range(3):
        await world.goes_back(refunded)

    assert world.balance(paid) == 15
    assert len(await world.told()) == 2


async def test_a_refund_before_the_reward_is_paid_waits_for_it(world: World) -> None:
    """The wallet was away when it was granted: then it is paid, then taken back, and the fund is as it was."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 100
    paid = world.transfer()
    await world.assess(paid)
    await world.goes_back(refund(paid, 2500))
    assert [claim.state for claim in await world.claims()] == [ClawBackState.PENDING]

    world.clock.advance(LATER)
    await world.works()

    assert (world.balance(paid), await status(world, paid)) == (0, RewardStatus.CLAWED_BACK)
    assert world.wallet.funds[DEFAULT_CAMPAIGN] == 100
    assert [event["type"] for event in await world.told()] == ["reward.issued.v1", "reward.clawed_back.v1"]
    await world.assert_counted()


async def test_a_crash_behind_the_claim_is_made_good(world: World) -> None:
    """The refund was remembered and nothing was taken: the worker takes it, once."""
    paid = world.transfer()
    await world.completes(paid)
    await world.refund(refund(paid, 1000))
    world.wallet.unavailable = 1
    for _ in range(3):
        world.clock.advance(LATER)
        await world.works()

    assert world.balance(paid) == 15
    assert [claim.state for claim in await world.claims()] == [ClawBackState.SETTLED]
    await world.assert_counted()


async def test_what_is_not_there_is_owed_and_taken_of_what_is_earned_next(world: World) -> None:
    """The wallet was emptied: what it has is taken now, the rest of the next rewards, never more than they bring."""
    ada = new_id()
    paid = world.transfer(100_00, payer_id=ada)
    await world.completes(paid)
    wallet = paid.from_wallet_id
    world.wallet.balances[wallet] = Money(30, "USD")
    await world.goes_back(refund(paid, 100_00))
    (claim,) = await world.claims()
    assert (world.balance(paid), claim.state, claim.owed) == (0, ClawBackState.OWED, 70)
    assert (await world.life(DEFAULT_CAMPAIGN)).spent == 70  # what is owed is not there for others

    world.wallet.balances[wallet] = Money(1000, "USD")  # of one's own: not touched
    await world.completes(world.transfer(40_00, payer_id=ada, from_wallet_id=wallet))
    await world.works()
    assert world.balance(paid) == 1000
    await world.completes(world.transfer(50_00, payer_id=ada, from_wallet_id=wallet))
    await world.works()

    assert world.balance(paid) == 1000 + 20
    (claim, *_) = await world.claims()
    assert (claim.state, claim.taken) == (ClawBackState.SETTLED, 100)
    assert await status(world, paid) is RewardStatus.CLAWED_BACK
    told = [event for event in await world.told() if event["type"] == "reward.clawed_back.v1"]
    assert [(event["amount"], event["clawed_back"], event["owed"]) for event in told] == [
        (30, 30, 70),
        (40, 70, 30),
        (30, 100, 0),
    ]
    await world.assert_counted()


async def test_a_wallet_that_is_gone_owes_and_blocks_nothing(world: World) -> None:
    """The claim is refused for good: it is owed, and the worker has nothing more to do."""
    paid = world.transfer()
    await world.completes(paid)
    del world.wallet.balances[paid.from_wallet_id]

    await world.goes_back(refund(paid, 2500))
    world.clock.advance(LATER)

    assert await world.payouts.resume() == 0
    assert [claim.state for claim in await world.claims()] == [ClawBackState.OWED]


async def test_nothing_is_taken_of_what_was_never_paid(world: World) -> None:
    """The refund came while the reward waited, and then the wallet could not be paid."""
    paid = world.transfer()
    await world.assess(paid)
    await world.refund(refund(paid, 1000))
    del world.wallet.balances[paid.from_wallet_id]
    world.clock.advance(LATER)
    await world.works()

    assert await status(world, paid) is RewardStatus.REJECTED
    assert [claim.state for claim in await world.claims()] == [ClawBackState.VOID]
    await world.assert_counted()


# ── the worker ──


async def test_the_worker_survives_a_database_that_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits, and goes on."""
    monkeypatch.setattr(payouts, "PAUSE_AFTER_FAILURE_S", 0.01)
    monkeypatch.setattr(payouts, "POLL_S", 0.01)
    paid = world.transfer()
    await world.assess(paid)
    world.clock.advance(LATER)
    worker, broken = world.payouts, [DependencyUnavailable("away"), RuntimeError("a bug")]
    resume = payouts.Payouts.resume

    async def resume_later(self: payouts.Payouts) -> int:
        if broken:
            raise broken.pop()
        return await resume(self)

    monkeypatch.setattr(payouts.Payouts, "resume", resume_later)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while world.balance(paid) == 0:
            await asyncio.sleep(0.01)
    running.cancel()
