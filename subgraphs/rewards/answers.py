"""What is booked for each answer of the wallet, in one transaction: the state of a reward or claw-back, what is counted, what is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import campaigns_store, clawbacks_store, counting, events, store
from subgraphs.rewards.campaigns_store import Action, Change
from subgraphs.rewards.clawbacks import ClawBack
from subgraphs.rewards.counting import Place
from subgraphs.rewards.domain import Reward, RewardStatus
from subgraphs.rewards.errors import FundEmpty, WalletRefused

Answer = Money | WalletRefused | DependencyUnavailable
"""Of a credit what was paid, of a debit what was taken; or why not, for good or for now."""
Later = Callable[[int], datetime]
"""When something is asked for again that has had no answer so often."""
PAUSED_BY = "service:rewards"
NO_MONEY = "its fund has too little for a reward that was granted"

log = structlog.get_logger(__name__)


async def book_rewards(
    work: UnitOfWork,
    outbox: Outbox,
    answers: Sequence[tuple[Reward, Answer]],
    *,
    asked_at: datetime,
    now: datetime,
    later: Later,
) -> bool:
    """Mark what was paid and tell of it; pause the campaigns whose fund is empty; give up what can never be paid.

    Answers whether that makes something due now: claw-backs of what was paid, or of whom, and what is to be asked for anew.
    """
    await store.lock_all(work, [reward.id for reward, _ in answers])
    paid = [reward for reward, answer in answers if isinstance(answer, Money)]
    issued, makes_due = await _issue(work, paid, now=now)
    never: Counter[Place] = Counter()
    for reward, answer in answers:
        if isinstance(answer, DependencyUnavailable):
            log.warning("a reward waits", reward_id=str(reward.id), reason=one_line(answer), attempts=reward.attempts)
            await store.put_off(work, reward, next_at=later(reward.attempts + 1))
        elif isinstance(answer, FundEmpty):
            await store.ask_anew(work, reward, next_at=now)
        elif isinstance(answer, WalletRefused) and await store.mark_rejected(work, reward, answer.code):
            log.error("a reward cannot be paid", reward_id=str(reward.id), reason=one_line(answer))
            await clawbacks_store.make_void(work, reward.id)
            never[_place(reward)] += reward.amount.amount
    empty = {reward.campaign.id: reward.campaign for reward, answer in answers if isinstance(answer, FundEmpty)}
    for campaign in sorted(empty.values(), key=lambda one: one.id):  # as everybody does, for two that pause the same
        if await campaigns_store.pause(work, campaign.id, asked_at=asked_at, now=now):
            log.warning(f"campaign is paused: {NO_MONEY}", campaign_id=str(campaign.id), campaign=campaign.name)
            pause = Change(action=Action.PAUSE, version=campaign.version, actor=PAUSED_BY, reason=NO_MONEY, at=now)
            await campaigns_store.note(work, campaign.id, pause)
    await counting.give_back(work, never)
    await events.rewards_issued(outbox, issued, work)
    return makes_due or bool(empty)


async def book_claw_backs(
    work: UnitOfWork, outbox: Outbox, answers: Sequence[tuple[ClawBack, Answer]], *, now: datetime, later: Later
) -> None:
    """Count what was taken for caps and budgets again, and tell of it; what was not there is owed."""
    await store.lock_all(work, [claim.reward.id for claim, _ in answers])
    back: Counter[Place] = Counter()
    told = []
    for claim, answer in answers:
        if isinstance(answer, DependencyUnavailable):
            log.warning(
                "a claw-back waits", clawback_id=str(claim.id), reason=one_line(answer), attempts=claim.attempts
            )
            await clawbacks_store.put_off(work, claim, next_at=later(claim.attempts + 1))
            continue
        if isinstance(answer, WalletRefused):
            log.error("a claw-back is refused, and owed", clawback_id=str(claim.id), reason=one_line(answer))
        taken = answer.amount if isinstance(answer, Money) else 0
        after = claim.after(taken)
        if await clawbacks_store.settle(work, claim, after, next_at=now) and taken:
            reward = await store.mark_clawed_back(work, claim.reward.id, taken)
            back[_place(reward)] += taken
            told.append((replace(after, reward=reward), taken))
    await counting.give_back(work, back)
    await events.rewards_clawed_back(outbox, told, work, now=now)


async def _issue(work: UnitOfWork, paid: Sequence[Reward], *, now: datetime) -> tuple[list[Reward], bool]:
    """Those that were not marked before, as they stand now; and whether claw-backs waited for their money."""
    marked = await store.mark_issued(work, [reward.id for reward in paid], now=now) if paid else set()
    issued = [replace(one, status=RewardStatus.ISSUED, issued_at=now) for one in paid if one.id in marked]
    if not issued:
        return [], False
    waited = await clawbacks_store.make_due(work, [reward.id for reward in issued], now=now)
    owed = await clawbacks_store.recover(work, issued, now=now)
    return issued, waited or owed


def _place(reward: Reward) -> Place:
    return reward.campaign.id, reward.user_id, reward.earned_on
