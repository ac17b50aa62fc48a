"""What operators do with campaigns, and what stands in the record of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from payflow.kernel.errors import InvalidInput
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards import campaigns, campaigns_store, operating
from subgraphs.rewards.campaigns import Life, State, Terms
from subgraphs.rewards.campaigns_store import Change
from subgraphs.rewards.errors import CampaignEnded, CampaignNotFound, NotPaused, TooManyCampaigns
from subgraphs.rewards.operating import Operator
from tests.subgraphs.rewards.world import NOW, OPERATOR, World, terms, transfer


async def create(world: World, *, currency: str = "EUR", by: Operator = OPERATOR, **others: object) -> Life:
    new: Terms = terms(**{"starts_at": NOW, **others})
    async with world.database.unit_of_work() as work:
        return await operating.create(work, new, currency=currency, by=by, clock=world.clock)


async def change(world: World, life: Life, **others: object) -> Life:
    new: Terms = terms(**{"starts_at": NOW, **others})
    async with world.database.unit_of_work() as work:
        return await operating.change(work, life.id, new, by=OPERATOR, clock=world.clock)


async def end(world: World, campaign_id: UUID) -> Life:
    async with world.database.unit_of_work() as work:
        return await operating.end(work, campaign_id, by=OPERATOR, clock=world.clock)


async def record(world: World, life: Life) -> list[Change]:
    async with world.database.read() as connection:
        return await campaigns_store.changes_of(connection, life.id)


async def test_a_campaign_from_its_beginning_to_its_end(world: World) -> None:
    """Created, changed, ended: transfers earn by it meanwhile, and the record says who did what, and why."""
    life = await create(world, rate=1000)
    before, between, behind = (
        transfer(100_00, "EUR", completed_at=NOW + timedelta(minutes=minute)) for minute in (1, 3, 5)
    )
    world.clock.advance(timedelta(minutes=2))
    changed = await change(world, life, rate=500)
    world.clock.advance(timedelta(minutes=2))
    ended = await end(world, life.id)

    await world.assess(before, between, behind)

    assert await world.granted(before, between, behind) == [10_00, 5_00, 0]
    assert (changed.newest.number, ended.state_at(world.clock.now())) == (2, State.ENDED)
    assert [(line.action.value, line.version, line.actor, line.reason) for line in await record(world, life)] == [
        ("CREATE", 1, "operator:ada", "a test"),
        ("CHANGE", 2, "operator:ada", "a test"),
        ("END", 2, "operator:ada", "a test"),
    ]


async def test_what_is_over_stays_over(world: World) -> None:
    """An ended campaign is neither changed nor ended again; one that nobody knows neither."""
    life = await create(world)
    await end(world, life.id)

    for refused in (change(world, life, rate=5), end(world, life.id)):
        with pytest.raises(CampaignEnded):
            await refused
    with pytest.raises(CampaignNotFound):
        await end(world, new_id())


async def test_a_change_has_to_change_something_and_to_make_sense(world: World) -> None:
    """The same terms again, a budget below what is spent, a start in the past, a reason that says nothing."""
    life = await create(world, rate=1000)
    await world.assess(transfer(100_00, "EUR"))

    with pytest.raises(InvalidInput, match="already; name what is to change"):
        await change(world, life, rate=1000)
    with pytest.raises(InvalidInput, match="has been granted already"):
        await change(world, life, rate=1000, budget=9_99)
    with pytest.raises(InvalidInput, match="cannot start in the past"):
        await create(world, starts_at=NOW - timedelta(seconds=1))
    with pytest.raises(InvalidInput, match="reason must have"):
        await create(world, by=Operator("operator:ada", " "))
    assert (await world.life(life.id)).newest.number == 1


async def test_there_are_only_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Campaigns that run, since each transfer is held against them, and versions of one."""
    monkeypatch.setattr(operating, "RUNNING_MAX", 2)
    monkeypatch.setattr(operating, "VERSIONS_MAX", 2)
    assert campaigns.RUNNING_MAX >= 100
    life = await create(world)  # beside the one that every database begins with

    with pytest.raises(TooManyCampaigns, match="end one"):
        await create(world)
    await change(world, life, rate=5)
    with pytest.raises(TooManyCampaigns, match="create another campaign"):
        await change(world, life, rate=6)
    await end(world, life.id)
    await create(world)


async def test_only_a_paused_campaign_is_resumed(world: World) -> None:
    """By hand, where money has come into the fund in another way."""
    life = await create(world)
    with pytest.raises(NotPaused):
        async with world.database.unit_of_work() as work:
            await operating.resume(work, life.id, by=OPERATOR, clock=world.clock)
    async with world.database.unit_of_work() as work:
        assert await campaigns_store.pause(work, life.id, asked_at=NOW, now=NOW)
        assert not await campaigns_store.pause(work, life.id, asked_at=NOW, now=NOW)

    async with world.database.unit_of_work() as work:
        resumed = await operating.resume(work, life.id, by=OPERATOR, clock=world.clock)

    assert resumed.state_at(NOW) is State.OPEN


async def test_the_record_names_what_went_into_the_fund(world: World) -> None:
    """And what went out of it; only the former resumes a campaign."""
    life = await create(world)
    async with world.database.unit_of_work() as work:
        await campaigns_store.pause(work, life.id, asked_at=NOW, now=NOW)
    states = []
    for amount in (-50, 700):
        async with world.database.unit_of_work() as work:
            noted = await operating.note_funding(work, life.id, Money(amount, "EUR"), by=OPERATOR, clock=world.clock)
            states.append(noted.state_at(NOW))

    assert states == [State.PAUSED, State.OPEN]
    assert [(line.action.value, line.amount) for line in (await record(world, life))[1:]] == [
        ("DEFUND", 50),
        ("FUND", 700),
    ]
