"""What is granted, in the real database: once per transfer, and caps and budgets exact however many come at once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import Database, counting_statements
from payflow.kernel.ids import new_id
from subgraphs.rewards import campaigns_store, counting
from subgraphs.rewards.campaigns import Life
from subgraphs.rewards.domain import Outcome, Period
from subgraphs.rewards.tables import assessments, payment_pairs, rewards
from tests.subgraphs.rewards.world import NOW, World, refund, transfer


async def outcome(world: World, transfer_id: object) -> str:
    async with world.database.read() as connection:
        found = await connection.scalar(select(assessments.c.outcome).where(assessments.c.transfer_id == transfer_id))
    return str(found)


async def test_fifty_at_once_of_one_user_are_exact(world: World) -> None:
    """Each earns 10.00, a person 123.45 a day and all together 500.00: whoever comes, not a cent more or less."""
    campaign = await world.campaign(rate=1000, user_cap=123_45, period=Period.DAY, budget=500_00)
    ada = new_id()
    paid = [transfer(100_00, "EUR", payer_id=ada) for _ in range(50)]

    await asyncio.gather(*(world.assess(one) for one in paid))

    granted = sorted(await world.granted(*paid), reverse=True)
    assert granted == [*[10_00] * 12, 3_45, *[0] * 37]
    assert (await world.life(campaign.id)).spent == 123_45
    await world.assert_counted()


async def test_fifty_at_once_of_many_users_are_within_the_budget(world: World) -> None:
    """The last to come gets what is left, and is told that it is less; those behind get nothing."""
    campaign = await world.campaign(rate=1000, budget=123_45)
    paid = [transfer(100_00, "EUR") for _ in range(50)]

    await asyncio.gather(*(world.assess(one) for one in paid))

    granted = [reward for one in paid if (reward := await world.reward(one)) is not None]
    assert sorted(reward.amount.amount for reward in granted) == [3_45, *[10_00] * 12]
    assert [reward.amount.amount for reward in granted if reward.clamped] == [3_45]
    assert (await world.life(campaign.id)).current.budget_left.amount == 0  # type: ignore[union-attr]  # there is a budget
    await world.assert_counted()


async def test_batches_at_once_are_exact_too(world: World) -> None:
    """Ten batches of twenty, each in one transaction, over two people and two campaigns of one currency."""
    await world.campaign(rate=1000, user_cap=77_77, budget=140_00, name="Better")
    await world.campaign(rate=500, user_cap=33_33, name="Good")
    people = [new_id(), new_id()]
    batches = [[transfer(100_00, "EUR", payer_id=people[n % 2]) for n in range(20)] for _ in range(10)]

    await asyncio.gather(*(world.assess(*batch) for batch in batches))

    async with world.database.read() as connection:
        total = await connection.scalar(select(func.sum(rewards.c.amount)))
    assert total == 140_00 + 2 * 33_33
    await world.assert_counted()


async def test_only_what_is_locked_is_granted_by(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A campaign that is made behind the locking of the others is open to others at once: its caps would not be exact."""
    read, made = campaigns_store._lives, list[Life]()

    async def read_behind_another(connection: AsyncConnection, wanted: ColumnElement[bool]) -> list[Life]:
        made.append(await world.campaign(rate=1000))
        return await read(connection, wanted)

    monkeypatch.setattr(campaigns_store, "_lives", read_behind_another)
    early = transfer(100_00, "EUR")
    await world.assess(early)
    monkeypatch.undo()
    late = transfer(100_00, "EUR")
    await world.assess(late)

    assert await world.granted(early, late) == [0, 10_00]
    assert (await world.life(made[0].id)).spent == 10_00


async def test_campaigns_that_are_over_are_left_alone(world: World) -> None:
    """By their terms or by hand, they are neither locked nor read any more; by the terms of the time, that is, and not by older ones."""
    hour = timedelta(hours=1)
    lasting = await world.campaign(starts_at=NOW - 9 * hour)
    shortened = await world.campaign(starts_at=NOW - 9 * hour)
    await world.change(shortened, NOW - 2 * hour, starts_at=NOW - 9 * hour, ends_at=NOW - hour)
    await world.campaign(starts_at=NOW - 9 * hour, ends_at=NOW - hour)
    by_hand = await world.campaign(starts_at=NOW - 9 * hour)
    async with world.database.unit_of_work() as work:
        await campaigns_store.end(work, by_hand.id, now=NOW - hour)

    async def locked(since: timedelta) -> set[UUID]:
        async with world.database.unit_of_work() as work:
            return {life.id for life in await campaigns_store.lock_running(work, {"EUR"}, since=NOW + since)}

    assert await locked(timedelta()) == {lasting.id}
    assert {lasting.id, shortened.id, by_hand.id} < await locked(-3 * hour)
    async with world.database.read() as connection:
        listed = {life.id for life in await campaigns_store.not_ended(connection, NOW)}
    assert listed & {shortened.id, by_hand.id} == set()


async def test_a_cap_over_the_whole_campaign_costs_no_row_a_day(world: World) -> None:
    """What a person earned before is one sum, beside the days that a cap by the calendar needs; both caps hold."""
    whole = await world.campaign(rate=1000, user_cap=35_00, starts_at=NOW - timedelta(days=9))
    ada = new_id()
    for day in (-8, -5, -1):
        await world.assess(transfer(100_00, "EUR", payer_id=ada, completed_at=NOW + timedelta(days=day)))
    daily = await world.campaign(rate=2000, user_cap=5_00, period=Period.DAY)

    async def days(apart_from: date) -> dict[date, int]:
        async with world.database.unit_of_work() as work:
            found = await counting.days_of(work, [whole.id], [ada], since=date.min, apart_from=apart_from)
        return dict(found[whole.id, ada])

    yesterday = NOW.date() - timedelta(days=1)
    assert await days(yesterday) == {yesterday - timedelta(days=1): 20_00, yesterday: 10_00}
    assert list((await days(date.max)).values()) == [30_00]
    paid = [transfer(100_00, "EUR", payer_id=ada) for _ in range(3)]
    await world.assess(*paid)
    assert await world.granted(*paid) == [5_00, 5_00, 0]
    assert {(await world.life(life.id)).spent for life in (whole, daily)} == {35_00, 5_00}


async def test_the_same_transfer_at_once_earns_once(world: World) -> None:
    """Delivered to two consumers, and twice to one of them."""
    await world.campaign(budget=100_00)
    paid = transfer(100_00, "EUR")

    await asyncio.gather(*(world.assess(paid, paid) for _ in range(8)))

    assert await world.granted(paid) == [10_00]
    await world.assert_counted()


async def test_a_new_period_begins_anew(world: World) -> None:
    """What a person earns in a period does not count for the next; late events count for theirs."""
    await world.campaign(rate=1000, user_cap=15_00, period=Period.DAY, starts_at=NOW - timedelta(days=9))
    ada = new_id()
    paid = [
        transfer(100_00, "EUR", payer_id=ada, completed_at=NOW + timedelta(days=day))
        for day in (-1, -1, -1, 0, 0, 0, -1)
    ]
    for one in paid:
        await world.assess(one)

    assert await world.granted(*paid) == [10_00, 5_00, 0, 10_00, 5_00, 0, 0]


async def test_terms_are_those_of_the_time_of_the_transfer(world: World) -> None:
    """However late an event comes, and whatever has changed since."""
    campaign = await world.campaign(rate=1000)
    await world.change(campaign, NOW - timedelta(hours=1), rate=2000)
    before, behind = transfer(100_00, "EUR", completed_at=NOW - timedelta(hours=2)), transfer(100_00, "EUR")

    await world.assess(behind, before)

    assert await world.granted(before, behind) == [10_00, 20_00]
    reward = await world.reward(before)
    assert reward is not None
    assert (reward.campaign.version, reward.campaign.rate) == (1, 1000)


async def test_what_was_decided_stays_so(world: World) -> None:
    """A transfer that earned nothing earns nothing when it is heard of again, whatever there is room for by then."""
    campaign = await world.campaign(budget=10_00)
    first, second = transfer(100_00, "EUR"), transfer(100_00, "EUR")
    await world.assess(first)
    await world.assess(second)
    await world.change(campaign, NOW - timedelta(hours=1), budget=500_00)

    await world.assess(first, second)

    assert await world.granted(first, second) == [10_00, 0]
    assert await outcome(world, second.id) == Outcome.USED_UP


async def test_circles_earn_once_however_they_come(world: World) -> None:
    """Twenty payments there and twenty back, all at once: only those of one direction earn."""
    ada, bob = new_id(), new_id()
    there = [transfer(payer_id=ada, payee_id=bob) for _ in range(20)]
    back = [transfer(payer_id=bob, payee_id=ada) for _ in range(20)]

    await asyncio.gather(*(world.assess(one) for pair in zip(there, back, strict=True) for one in pair))

    earned = [any(await world.granted(*direction)) for direction in (there, back)]
    assert sorted(earned) == [False, True]
    await world.assert_counted()


async def test_a_circle_within_one_batch_is_seen(world: World) -> None:
    """In the order of the log: the first earns, what answers it does not, and neither does the first direction from then on."""
    ada, bob = new_id(), new_id()
    paid = [
        transfer(payer_id=ada, payee_id=bob),
        transfer(payer_id=bob, payee_id=ada),
        transfer(payer_id=ada, payee_id=bob),
    ]
    oneself = transfer(payer_id=ada, payee_id=ada)

    await world.assess(*paid, oneself)

    assert await world.granted(*paid, oneself) == [25, 0, 0, 0]
    assert [await outcome(world, one.id) for one in (paid[1], oneself)] == [Outcome.CIRCULAR] * 2


async def test_a_refund_that_is_heard_of_first_lessens_the_reward(world: World) -> None:
    """In part: the rest earns, and later refunds are measured by that rest. Of all: nothing earns."""
    part, whole = transfer(100_00), transfer(100_00)
    await world.refund(refund(part, 40_00), refund(whole, 100_00))

    await world.assess(part, whole)
    await world.refund(refund(part, 70_00))

    assert await world.granted(part, whole) == [60, 0]
    assert await outcome(world, whole.id) == Outcome.REFUNDED
    assert [claim.amount for claim in await world.claims()] == [30]


async def test_no_campaign_runs_while_it_is_paused(world: World) -> None:
    """What completes during a pause earns nothing of it; what completed before earns, however late it is heard of."""
    campaign = await world.campaign()
    async with world.database.unit_of_work() as work:
        assert await campaigns_store.pause(work, campaign.id, asked_at=NOW, now=NOW)
    before, during = transfer(100_00, "EUR", completed_at=NOW - timedelta(seconds=1)), transfer(100_00, "EUR")

    await world.assess(before, during)

    assert await world.granted(before, during) == [10_00, 0]


async def test_a_batch_costs_as_many_statements_as_one(world: World) -> None:
    """Two hundred transfers are assessed in a dozen round trips."""
    await world.campaign(user_cap=10_00)
    paid = [transfer(100_00, "EUR") for _ in range(200)]

    async with counting_statements(world.database.engine) as statements:
        await world.assess(*paid)

    assert len(statements) <= 14
    assert sum(await world.granted(*paid[:5])) == 50_00


async def test_the_database_keeps_the_budget(database: Database) -> None:
    """Whoever writes: a budget is not exceeded, a version and the record of changes stay as they are."""
    world = World(database)
    campaign = await world.campaign(budget=100)
    for statement in (
        "UPDATE campaigns SET spent = 101 WHERE id = :id",
        "UPDATE campaigns SET spent = -1 WHERE id = :id",
        "UPDATE campaigns SET currency = 'USD' WHERE id = :id",
        "UPDATE campaign_versions SET rate = 9999 WHERE campaign_id = :id",
        "DELETE FROM campaign_versions WHERE campaign_id = :id",
        "UPDATE campaign_changes SET reason = 'another' WHERE id > 0 AND :id IS NOT NULL",
    ):
        with pytest.raises(DBAPIError):
            async with database.unit_of_work() as work:
                await work.connection.execute(
                    text(statement.replace(":id IS", "CAST(:id AS uuid) IS")), {"id": campaign.id}
                )


async def test_pairs_are_kept_once(world: World) -> None:
    """A row for two people, however often they pay each other."""
    ada, bob = new_id(), new_id()
    await world.assess(*(transfer(payer_id=ada, payee_id=bob) for _ in range(5)), transfer(payer_id=bob, payee_id=ada))

    async with world.database.read() as connection:
        (pair,) = (await connection.execute(select(payment_pairs))).all()
    assert (pair.low, pair.high) == (min(ada, bob), max(ada, bob))
    assert (pair.paid_by_low_at, pair.paid_by_high_at) == (NOW, NOW)
