"""What operators do with campaigns: create, change, end, pause's end, and the record of money in their funds. Each by name, with a reason.

The transaction that does it writes it into the campaign's record.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import InvalidInput
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards import campaigns_store, store
from subgraphs.rewards.campaigns import RUNNING_MAX, VERSIONS_MAX, Life, State, Terms, Version, checked, checked_reason
from subgraphs.rewards.campaigns_store import Action, Change
from subgraphs.rewards.errors import CampaignEnded, CampaignNotFound, NotPaused, TooManyCampaigns


@dataclass(frozen=True, slots=True)
class Operator:
    """Who acts, and why."""

    actor: str
    reason: str


async def create(work: UnitOfWork, terms: Terms, *, currency: str, by: Operator, clock: Clock) -> Life:
    """A new campaign. Raises InvalidInput, TooManyCampaigns."""
    now = clock.now()
    sound = checked(terms, currency=currency)
    if sound.starts_at < now:
        raise InvalidInput("starts", "a campaign cannot start in the past; leave it out to start now")
    running = await campaigns_store.not_ended(work.connection, now)
    if sum(life.state_at(now) is not State.ENDED for life in running) >= RUNNING_MAX:
        raise TooManyCampaigns(RUNNING_MAX, "campaigns that have not ended")
    campaign_id = new_id()
    await campaigns_store.add(work, campaign_id, currency)
    await campaigns_store.add_version(work, campaign_id, Version(1, now, sound))
    return await _noted(work, campaign_id, Action.CREATE, by=by, clock=clock)


async def change(work: UnitOfWork, campaign_id: UUID, terms: Terms, *, by: Operator, clock: Clock) -> Life:
    """New terms from now on, as a version of their own. Raises InvalidInput, CampaignNotFound, CampaignEnded, TooManyCampaigns."""
    life = await _running(work, campaign_id, clock=clock)
    sound = checked(terms, currency=life.currency, spent=life.spent)
    if sound == life.newest.terms:
        raise InvalidInput("terms", "these are the campaign's terms already; name what is to change")
    if len(life.versions) >= VERSIONS_MAX:
        raise TooManyCampaigns(VERSIONS_MAX, "versions of this campaign")
    await campaigns_store.add_version(work, campaign_id, Version(life.newest.number + 1, clock.now(), sound))
    return await _noted(work, campaign_id, Action.CHANGE, by=by, clock=clock)


async def end(work: UnitOfWork, campaign_id: UUID, *, by: Operator, clock: Clock) -> Life:
    """It grants nothing from now on; what was granted is still paid, and taken back.

    Raises InvalidInput, CampaignNotFound, CampaignEnded.
    """
    await _known(work, campaign_id)
    await _resumed(work, campaign_id, clock=clock)
    await _running(work, campaign_id, clock=clock)
    await campaigns_store.end(work, campaign_id, now=clock.now())
    return await _noted(work, campaign_id, Action.END, by=by, clock=clock)


async def resume(work: UnitOfWork, campaign_id: UUID, *, by: Operator, clock: Clock) -> Life:
    """What waits for it is paid now, and it grants again. Raises InvalidInput, CampaignNotFound, NotPaused."""
    await _known(work, campaign_id)
    if not await _resumed(work, campaign_id, clock=clock):
        raise NotPaused
    return await _noted(work, campaign_id, Action.RESUME, by=by, clock=clock)


async def note_funding(work: UnitOfWork, campaign_id: UUID, amount: Money, *, by: Operator, clock: Clock) -> Life:
    """Money has come into its fund (or, below zero, gone out of it): if it was paused, it goes on. Raises CampaignNotFound."""
    await _known(work, campaign_id)
    came = amount.amount > 0
    if came:
        await _resumed(work, campaign_id, clock=clock)
    action = Action.FUND if came else Action.DEFUND
    return await _noted(work, campaign_id, action, by=by, clock=clock, amount=abs(amount.amount))


async def _known(work: UnitOfWork, campaign_id: UUID) -> Life:
    life = await campaigns_store.one(work.connection, campaign_id)
    if life is None:
        raise CampaignNotFound
    return life


async def _running(work: UnitOfWork, campaign_id: UUID, *, clock: Clock) -> Life:
    """Locked."""
    life = await campaigns_store.lock(work, campaign_id)
    if life is None:
        raise CampaignNotFound
    if life.state_at(clock.now()) is State.ENDED:
        raise CampaignEnded
    return life


async def _resumed(work: UnitOfWork, campaign_id: UUID, *, clock: Clock) -> bool:
    """Rewards are locked before pauses and campaigns, as whoever pays them does."""
    await store.make_due(work, campaign_id, now=clock.now())
    return await campaigns_store.resume(work, campaign_id, now=clock.now())


async def _noted(
    work: UnitOfWork, campaign_id: UUID, action: Action, *, by: Operator, clock: Clock, amount: int | None = None
) -> Life:
    """The campaign as it stands, with the line in its record."""
    life = await _known(work, campaign_id)
    done = Change(
        action=action,
        version=life.newest.number,
        actor=by.actor,
        reason=checked_reason(by.reason),
        at=clock.now(),
        amount=amount,
    )
    await campaigns_store.note(work, campaign_id, done)
    return life
