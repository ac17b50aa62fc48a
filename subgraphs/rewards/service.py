"""The use cases of rewards that events bring: a completed transfer is assessed, a refunded one claims back. No money moves here.

What is decided is stored in the transaction that remembers the event, so it never changes again; `payouts` moves the money of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from subgraphs.rewards import campaigns_store, clawbacks_store, counting, store
from subgraphs.rewards.campaigns import Life
from subgraphs.rewards.circles import Circles, Pair
from subgraphs.rewards.clawbacks import Refunded, claw_back
from subgraphs.rewards.domain import Assessment, Campaign, CompletedTransfer, Outcome, Period, Room, decide

# How long what is decided is left to the process that has decided it. Longer than that takes; a crash costs so much delay.
HEAD_START = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Rewards:
    """The service; the door opens the units of work and commits."""

    clock: Clock

    async def lock(self, transfers: Sequence[CompletedTransfer], refunds: Sequence[Refunded], work: UnitOfWork) -> None:
        """Before both in one transaction: the rewards that go back, since `assess` ends with campaigns, and others wait the other way."""
        if transfers and refunds:
            going_back = [refund.transfer_id for refund in refunds]
            await counting.claim(work, [*(transfer.id for transfer in transfers), *going_back])
            await store.lock_by_transfers(work, going_back)

    async def assess(self, transfers: Sequence[CompletedTransfer], work: UnitOfWork) -> None:
        """Grant what the transfers earn, in their order, each once; what is granted is PENDING."""
        if not transfers:
            return
        refunded = await counting.claim(work, [transfer.id for transfer in transfers])
        new = [replace(one, refunded=refunded[one.id]) for one in _once(transfers) if one.id in refunded]
        if not new:
            return
        circles = await counting.lock_pairs(work, [Pair.of(transfer) for transfer in new])
        lives = await campaigns_store.lock_running(
            work, {transfer.amount.currency for transfer in new}, since=min(one.completed_at for one in new)
        )
        room = await _room(work, new, lives)
        made = [_assess(transfer, lives, circles, room, now=self.clock.now()) for transfer in new]
        await self._store(made, circles, room, work)

    async def refund(self, refunds: Sequence[Refunded], work: UnitOfWork) -> None:
        """Claim back what the refunds make undue, in their order. A refund of what is not heard of yet lessens what that will earn."""
        if not refunds:
            return
        await counting.note_refunds(work, [(refund.transfer_id, refund.refunded.amount) for refund in refunds])
        granted = await store.lock_by_transfers(work, [refund.transfer_id for refund in refunds])
        now = self.clock.now()
        for refund in refunds:
            reward = granted.get(refund.transfer_id)
            claim = None if reward is None else claw_back(reward, refund, now=now)
            if claim is not None:
                await clawbacks_store.add(work, claim, next_at=now + HEAD_START)
                await store.reclaim(work, claim.reward, claim.amount)
                granted[refund.transfer_id] = replace(claim.reward, reclaimed=claim.reward.reclaimed + claim.amount)

    async def _store(self, made: Sequence[Assessment], circles: Circles, room: Room, work: UnitOfWork) -> None:
        await counting.note_outcomes(work, {one.transfer.id: one.outcome for one in made})
        await counting.note_pairs(work, circles)
        if granted := [one.reward for one in made if one.reward is not None]:
            await counting.spend(work, room.added)
            await store.add_pending(work, granted, next_at=self.clock.now() + HEAD_START)


def _assess(
    transfer: CompletedTransfer, lives: Sequence[Life], circles: Circles, room: Room, *, now: datetime
) -> Assessment:
    """Decide about one, and count it for those that come after."""
    closes = circles.closes(transfer)
    circles.note(transfer)
    if closes:
        return Assessment(transfer, Outcome.CIRCULAR)
    if transfer.kept.amount == 0:
        return Assessment(transfer, Outcome.REFUNDED)
    made = decide(transfer, _running(lives, transfer), room=room, now=now)
    if made.reward is not None:
        room.take(made.reward)
    return made


def _running(lives: Sequence[Life], transfer: CompletedTransfer) -> list[Campaign]:
    """The campaigns that ran when a transfer completed, under the terms of that time."""
    of_then = (life.at(transfer.completed_at) for life in lives if life.currency == transfer.amount.currency)
    return [campaign for campaign in of_then if campaign is not None]


async def _room(work: UnitOfWork, transfers: Sequence[CompletedTransfer], lives: Sequence[Life]) -> Room:
    """What is counted so far of everything that could limit these."""
    limits = [
        (campaign, campaign.period.first_day(transfer.day))
        for transfer in transfers
        for campaign in _running(lives, transfer)
        if campaign.user_cap is not None
    ]
    room = Room(spent={life.id: life.spent for life in lives})
    if limits:
        payers = {transfer.payer_id for transfer in transfers}
        by_calendar = [day for campaign, day in limits if campaign.period is not Period.CAMPAIGN]
        room.days = await counting.days_of(
            work,
            {campaign.id for campaign, _ in limits},
            payers,
            since=min(day for _, day in limits),
            apart_from=min(by_calendar, default=date.max),
        )
    return room


def _once(transfers: Sequence[CompletedTransfer]) -> list[CompletedTransfer]:
    return list({transfer.id: transfer for transfer in transfers}.values())
