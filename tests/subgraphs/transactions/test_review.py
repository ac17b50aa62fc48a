"""Transfers that a person decides about: how they get there, what can be decided, and that no decision loses or doubles money."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from payflow.kernel import metrics
from payflow.kernel.clock import SystemClock
from payflow.kernel.ids import new_id
from subgraphs.transactions import review, tables
from subgraphs.transactions.domain import (
    HOLD_LIFETIME,
    STEP_BUDGET,
    STEP_TRIES_MAX,
    Event,
    State,
    Step,
    StepStatus,
    Transfer,
    TransferStatus,
)
from subgraphs.transactions.fake_gateways import Fault
from subgraphs.transactions.gateways import ImpossibleAnswer
from subgraphs.transactions.review import Decision, ReviewRefused
from tests.subgraphs.transactions.world import BALANCE, World

AMOUNT = 2_500
MOVED = (BALANCE - AMOUNT, 0, AMOUNT)
UNMOVED = (BALANCE, 0, 0)
RESUME = Decision(Event.RESUMED, "Grace", "the wallet is back")
CANCEL = Decision(Event.CANCELLED, "Grace", "the payer called")


async def recover_until(world: World, transfer_id: object, state: State) -> Transfer:
    """Let the recovery worker run until the one transfer is in this state."""
    worker = asyncio.create_task(world.recovery.run())
    try:
        async with asyncio.timeout(15):
            while (transfer := await world.only_transfer()).state is not state:
                await asyncio.sleep(0.02)
        return transfer
    finally:
        worker.cancel()


async def escalated(world: World, step: Step, fault: Fault = Fault.LOSE_REQUEST) -> Transfer:
    """A transfer whose step has got no answer for longer than its budget."""
    world.network.disturb(step, *[fault] * 3)
    begun = await world.transfers.send(world.order(AMOUNT))
    world.clock.advance(STEP_BUDGET * 2)
    return await recover_until(world, begun.id, State.REVIEW)


async def decide(world: World, transfer: Transfer, decision: Decision) -> Transfer:
    return await review.decide(world.database, transfer.id, decision, clock=world.clock)


@pytest.mark.parametrize("fault", [Fault.LOSE_REQUEST, Fault.LOSE_REPLY])
async def test_a_silent_capture_is_resumed(world: World, fault: Fault) -> None:
    """Behind the pivot the saga does not turn round: it asks a person, and on their word the same step again, under the same key."""
    transfer = await escalated(world, Step.CAPTURE, fault)
    assert (transfer.status, transfer.escalated_from) == (TransferStatus.PENDING, State.CAPTURING)
    assert Step.RELEASE not in world.network.calls

    resumed = await decide(world, transfer, RESUME)
    assert resumed.state is State.CAPTURING
    done = await world.recover(transfer.id)

    assert done.status is TransferStatus.COMPLETED
    assert world.balances == MOVED
    assert [event["type"] for event in await world.events()] == ["transfer.completed.v1"]


async def test_a_silent_capture_is_cancelled(world: World) -> None:
    """Cancelling goes by the release: the payer has the money back, and the transfer says who stopped it."""
    transfer = await escalated(world, Step.CAPTURE)

    await decide(world, transfer, CANCEL)
    failed = await world.recover(transfer.id)

    assert (failed.status, failed.failure_code) == (TransferStatus.FAILED, "CANCELLED_BY_OPERATOR")
    assert world.balances == UNMOVED
    assert {name: step.status for name, step in (await world.steps(transfer.id)).items()} == {
        "HOLD": StepStatus.COMPENSATED,
        "CAPTURE": StepStatus.FAILED,
        "RELEASE": StepStatus.DONE,
    }


async def test_cancelling_what_was_paid_meanwhile_tells_the_truth(world: World) -> None:
    """A capture that happened and went unheard cannot be cancelled: the release finds it, and the transfer is completed."""
    transfer = await escalated(world, Step.CAPTURE, Fault.LOSE_REPLY)

    await decide(world, transfer, CANCEL)
    done = await world.recover(transfer.id)

    assert (done.status, done.failure_code) == (TransferStatus.COMPLETED, None)
    assert world.balances == MOVED
    assert (await world.steps(transfer.id))["CAPTURE"].status is StepStatus.DONE


async def test_a_late_capture_finds_the_release(world: World) -> None:
    """A capture still under way when it was cancelled arrives too late, and does nothing."""
    transfer = await escalated(world, Step.CAPTURE, Fault.DELAY)

    await decide(world, transfer, CANCEL)
    failed = await world.recover(transfer.id)
    await world.network.deliver()

    assert failed.status is TransferStatus.FAILED
    assert world.balances == UNMOVED


async def test_a_silent_release_is_escalated_and_resumed(world: World) -> None:
    """A compensation that gets no answer waits for a person, too, and remembers why the transfer fails."""
    world.network.disturb(Step.HOLD, Fault.LOSE_REPLY)
    begun = await world.transfers.send(world.order(AMOUNT))
    world.network.disturb(Step.RELEASE, *[Fault.LOSE_REQUEST] * 3)
    world.clock.advance(STEP_BUDGET * 2)
    await recover_until(world, begun.id, State.RELEASING)
    world.clock.advance(STEP_BUDGET * 2)
    transfer = await recover_until(world, begun.id, State.REVIEW)
    assert (transfer.escalated_from, transfer.failure_code) == (State.RELEASING, "HOLD_CANCELLED")
    assert world.bank.extended == {}

    await decide(world, transfer, RESUME)
    failed = await world.recover(transfer.id)

    assert (failed.status, failed.failure_code) == (TransferStatus.FAILED, "HOLD_CANCELLED")
    assert world.balances == UNMOVED


async def test_an_impossible_answer_is_escalated_at_once(unhurried: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be is not asked again: a person gets it with the wallet's words, the client gets a sentence."""
    world = unhurried

    async def impossible(*_: object) -> None:
        raise ImpossibleAnswer("the wallet does not know the hold that it placed")

    monkeypatch.setattr(type(world.bank), "capture_hold", impossible)
    begun = await world.transfers.send(world.order(AMOUNT))
    transfer = await recover_until(world, begun.id, State.REVIEW)

    case = await review.case(world.database, transfer.id)
    assert world.network.calls.count(Step.CAPTURE) == 1
    assert "does not know" in case.reviews[0].reason
    assert [step.error for step in case.steps] == [None, "The wallet service gave an answer that cannot be."]


async def until_extended(world: World) -> None:
    """Let the recovery worker run until the wallet has been asked to keep the money."""
    worker = asyncio.create_task(world.recovery.run())
    async with asyncio.timeout(10):
        while not world.bank.extended:
            await asyncio.sleep(0.02)
    worker.cancel()


async def test_money_in_review_stays_held(unhurried: World) -> None:
    """The hold is extended, so that it does not lapse while people think."""
    world = unhurried
    transfer = await escalated(world, Step.CAPTURE)
    await until_extended(world)

    assert world.bank.extended == {transfer.hold_id: HOLD_LIFETIME}
    assert world.balances == (BALANCE - AMOUNT, AMOUNT, 0)
    assert (await world.only_transfer()).state is State.REVIEW
    assert (await world.steps(transfer.id))["CAPTURE"].attempts == 3


async def test_many_tries_are_enough(unhurried: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that was asked STEP_TRIES_MAX times is handed over, however quickly that went, if others are answered."""
    world = unhurried
    monkeypatch.setattr("subgraphs.transactions.retrying.SILENT_AFTER", 10_000)
    world.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * STEP_TRIES_MAX)
    begun = await world.transfers.send(world.order(AMOUNT))

    await recover_until(world, begun.id, State.REVIEW)

    assert world.network.calls.count(Step.CAPTURE) == STEP_TRIES_MAX


async def test_a_decision_is_made_once(world: World) -> None:
    """The same decision again changes nothing, also long after; another is refused, and says who decided what."""
    transfer = await escalated(world, Step.CAPTURE)

    answers = await asyncio.gather(*(decide(world, transfer, RESUME) for _ in range(5)))
    await world.recover(transfer.id)
    again = await decide(world, transfer, replace(RESUME, reason="once more"))
    with pytest.raises(ReviewRefused, match="was resumed by Grace"):
        await decide(world, transfer, CANCEL)

    assert len({answer.version for answer in answers}) == 1
    assert again.status is TransferStatus.COMPLETED
    reviews = (await review.case(world.database, transfer.id)).reviews
    assert [(each.event, each.actor) for each in reviews] == [(Event.ESCALATED, "saga"), (Event.RESUMED, "Grace")]


async def test_only_what_is_in_review_is_decided(world: World) -> None:
    """A transfer that needs nobody, an unknown one, and a decision without a reason are refused."""
    done = await world.transfers.send(world.order(AMOUNT))

    with pytest.raises(ReviewRefused, match="never in review"):
        await decide(world, done, CANCEL)
    with pytest.raises(ReviewRefused, match="no transfer"):
        await decide(world, replace(done, id=new_id()), CANCEL)
    with pytest.raises(ReviewRefused, match="reason"):
        await decide(world, done, replace(CANCEL, reason=" "))
    assert world.balances == MOVED


async def test_a_step_that_was_resumed_has_a_new_budget(world: World) -> None:
    """It is escalated again only after as many tries and as long a time as before, and both decisions are kept."""
    transfer = await escalated(world, Step.CAPTURE)
    await until_extended(world)
    world.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * 3)

    resumed = await decide(world, transfer, RESUME)
    assert resumed.attempt == 1
    await asyncio.sleep(0.1)
    world.clock.advance(STEP_BUDGET * 2)
    again = await recover_until(world, transfer.id, State.REVIEW)
    await decide(world, again, CANCEL)

    reviews = (await review.case(world.database, transfer.id)).reviews
    assert [each.event for each in reviews] == [Event.ESCALATED, Event.RESUMED, Event.ESCALATED, Event.CANCELLED]


async def test_what_waits_is_listed_and_measured(world: World) -> None:
    """The list and the gauges say what waits, and since when; nothing once it is decided."""
    transfer = await escalated(world, Step.CAPTURE)
    world.clock.advance(STEP_BUDGET)
    await world.recovery.keep_house()
    assert [each.id for each in await review.waiting(world.database)] == [transfer.id]
    assert metrics.SAGA_REVIEWS._value.get() == 1
    assert metrics.SAGA_REVIEW_OLDEST_SECONDS._value.get() == STEP_BUDGET.total_seconds()

    await review.decide(world.database, transfer.id, RESUME, clock=SystemClock())
    await world.recovery.keep_house()

    assert await review.waiting(world.database) == []
    assert metrics.SAGA_REVIEWS._value.get() == 0


async def test_what_was_decided_is_not_rewritten(world: World) -> None:
    """The table of decisions takes neither updates nor deletions, whoever sends them."""
    transfer = await escalated(world, Step.CAPTURE)
    reviews = tables.transfer_reviews
    for rewriting in (
        update(reviews).where(reviews.c.transfer_id == transfer.id).values(reason="another"),
        delete(reviews),
    ):
        with pytest.raises(IntegrityError):
            async with world.database.unit_of_work() as work:
                await work.connection.execute(rewriting)
