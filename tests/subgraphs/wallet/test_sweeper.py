"""The sweeper gives back what is past its time, once, in bounded batches, one process at a time; and nothing relies on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from payflow.kernel import metrics
from payflow.kernel.background import running
from payflow.kernel.db import Database
from subgraphs.wallet import store, sweeper
from subgraphs.wallet.domain import Hold, HoldStatus, Wallet
from subgraphs.wallet.errors import HoldExpired
from subgraphs.wallet.sweeper import Sweeper
from tests.subgraphs.wallet.world import World


@pytest.fixture
def sweeping(own_world: World) -> Sweeper:
    """A sweeper over a world that nobody else is in."""
    return Sweeper(database=own_world.database, ledger=own_world.ledger)


async def overdue(world: World, payer: Wallet, payee: Wallet, amount: int, *, by_s: int = 10) -> Hold:
    """A hold whose time has passed."""
    hold = await world.placed(payer, payee, amount)
    await world.tamper(f"UPDATE hold SET expires_at = now() - interval '{by_s} s' WHERE id = :id", id=hold.id)
    return hold


async def status(world: World, hold: Hold) -> HoldStatus:
    """The hold's status as it stands."""
    query = text("SELECT captured, released, expired FROM hold WHERE id = :id")
    async with world.database.read() as connection:
        row = (await connection.execute(query, {"id": hold.id})).one()
    return replace(hold, captured=row.captured, released=row.released, expired=row.expired).status


async def test_what_is_past_its_time_is_given_back(own_world: World, sweeping: Sweeper) -> None:
    """It is available again, EXPIRED, and the journal says so; what has time left is let alone, and a second sweep finds nothing."""
    ada, bob = await own_world.open(holding=100), await own_world.open()
    late, fresh = await overdue(own_world, ada, bob, 30), await own_world.placed(ada, bob, 20)

    assert await sweeping.sweep() == 1
    assert await sweeping.sweep() == 0

    assert (await status(own_world, late), await status(own_world, fresh)) == (
        HoldStatus.EXPIRED,
        HoldStatus.OPEN,
    )
    wallet = await own_world.now(ada)
    assert (wallet.posted, wallet.held) == (100, 20)
    await own_world.assert_true()


async def test_a_late_capture_is_refused_before_and_after(own_world: World, sweeping: Sweeper) -> None:
    """The database's clock decides; the sweeper changes nothing about it."""
    ada, bob = await own_world.open(holding=100), await own_world.open()
    hold = await overdue(own_world, ada, bob, 30)

    with pytest.raises(HoldExpired):
        await own_world.capture(hold.id)
    assert await sweeping.sweep() == 1
    with pytest.raises(HoldExpired):
        await own_world.capture(hold.id)

    assert (await own_world.now(bob)).posted == 0


async def test_a_hold_that_was_extended_meanwhile_is_let_alone(own_world: World, sweeping: Sweeper) -> None:
    """What the sweeper found is a hint; what counts is what stands when its release arrives."""
    ada, bob = await own_world.open(holding=100), await own_world.open()
    hold = await own_world.placed(ada, bob, 30)

    assert not await sweeping._give_back(hold.id)

    assert await status(own_world, hold) is HoldStatus.OPEN


async def test_one_that_was_settled_meanwhile_is_let_alone(own_world: World, sweeping: Sweeper) -> None:
    """Captured or released before the sweeper came, it stays so."""
    ada, bob = await own_world.open(holding=100), await own_world.open()
    captured, released = await own_world.placed(ada, bob, 30), await own_world.placed(ada, bob, 20)
    await own_world.capture(captured.id)
    await own_world.release(released.id)

    assert [await sweeping._give_back(hold.id) for hold in (captured, released)] == [False, False]

    assert await status(own_world, captured) is HoldStatus.CAPTURED
    assert await status(own_world, released) is HoldStatus.RELEASED


async def test_batches_are_bounded_and_the_oldest_go_first(
    own_world: World, sweeping: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep takes SWEEP_MAX at most, and tells how late the oldest is."""
    monkeypatch.setattr(sweeper, "SWEEP_MAX", 2)
    ada, bob = await own_world.open(holding=100), await own_world.open()
    holds = {age: await overdue(own_world, ada, bob, 5, by_s=age) for age in (20, 40, 30)}

    assert await sweeping.sweep() == 2

    assert 40 <= metrics.HOLD_OVERDUE_SECONDS._value.get() < 60
    assert {age: await status(own_world, hold) for age, hold in holds.items()} == {
        40: HoldStatus.EXPIRED,
        30: HoldStatus.EXPIRED,
        20: HoldStatus.OPEN,
    }
    assert await sweeping.sweep() == 1
    assert await sweeping.sweep() == 0
    assert metrics.HOLD_OVERDUE_SECONDS._value.get() == 0


async def test_one_process_sweeps_and_another_takes_over(
    own_world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one holds the lock the other stands by; when the first ends, the other goes on."""
    monkeypatch.setattr(sweeper, "SWEEP_EVERY_S", 0.05)
    swept: list[str] = []

    class Named(Sweeper):
        async def sweep(self) -> int:
            swept.append(name_of[self])
            return await Sweeper.sweep(self)

    first = Named(database=database, ledger=own_world.ledger)
    second = Named(
        database=Database(database.engine.url.render_as_string(hide_password=False)), ledger=own_world.ledger
    )
    name_of = {first: "first", second: "second"}

    async with running(first.run(), name="first"):
        await until(lambda: len(swept) >= 1)
        async with running(second.run(), name="second"):
            await until(lambda: len(swept) >= 5)
            assert set(swept) == {"first"}
    swept.clear()
    async with running(second.run(), name="second"):
        await until(lambda: len(swept) >= 2)
    assert set(swept) == {"second"}
    await second.database.close()


async def test_it_goes_on_after_a_failure(own_world: World, sweeping: Sweeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that fails is tried again; the task does not end."""
    monkeypatch.setattr(sweeper, "PAUSE_AFTER_FAILURE_S", 0.01)
    ada, bob = await own_world.open(holding=100), await own_world.open()
    await overdue(own_world, ada, bob, 30)
    failures = iter([OSError("away"), RuntimeError("a fault")])
    find = store.overdue_holds

    async def failing(*arguments: object, **named: object) -> object:
        for failure in failures:
            raise failure
        return await find(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(store, "overdue_holds", failing)
    async with running(sweeping.run(), name="sweeper"):
        async with asyncio.timeout(10):
            while (await own_world.now(ada)).held:
                await asyncio.sleep(0.02)


async def until(reached: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(10):
        while not reached():
            await asyncio.sleep(0.02)
