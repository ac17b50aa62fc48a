"""Limits: how they are written, that a day's is exact however many payments come at once, and what counts towards it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from payflow.kernel.errors import SettingsError
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import store
from subgraphs.transactions.domain import Command, Scope, Transfer, TransferKind, TransferStatus
from subgraphs.transactions.errors import InsufficientFunds, LimitExceeded
from subgraphs.transactions.limits import Limits
from subgraphs.transactions.store import Given
from subgraphs.transactions.tables import transfer_spending, transfers
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.transactions.world import BALANCE, NOW, World, make_world

LIMITS = Limits.parse(per_transfer="USD=2000, JPY=1", per_day="USD=5000,*=100")
DAY = timedelta(hours=24)


@pytest.fixture
async def limited(make_settings: MakeSettings) -> AsyncIterator[World]:
    """Ada may send 20.00 USD at once, and 50.00 within 24 hours."""
    url = (await make_settings("transactions")).database_url("transactions")
    async with make_world(url, limits=LIMITS) as world:
        yield world


async def spent(world: World) -> int:
    async with world.database.read() as connection:
        return int(await connection.scalar(select(func.coalesce(func.sum(transfer_spending.c.amount), 0))) or 0)


async def test_one_transfer_is_limited(limited: World) -> None:
    """The limit itself may be sent, a minor unit more may not; the refusal names the limit and is given again for the same key."""
    order = limited.order(2_001)
    for _ in range(2):
        with pytest.raises(LimitExceeded) as refusal:
            await limited.transfers.send(order)
        assert (refusal.value.limit, refusal.value.message) == (
            Money(2_000, "USD"),
            "One transfer may be of $20.00 at most.",
        )

    assert (await limited.transfers.send(limited.order(2_000))).status is TransferStatus.COMPLETED
    assert limited.balances == (BALANCE - 2_000, 0, 2_000)


async def test_a_day_is_limited_exactly_under_concurrency(limited: World) -> None:
    """Of fifty payments at once as many begin as the day has room for, to the minor unit; the others are refused."""
    answers = await asyncio.gather(
        *(limited.transfers.send(limited.order(300)) for _ in range(50)), return_exceptions=True
    )

    done = [answer for answer in answers if isinstance(answer, Transfer)]
    refused = [answer for answer in answers if isinstance(answer, LimitExceeded)]
    assert (len(done), len(refused)) == (16, 34)
    assert {refusal.limit for refusal in refused} == {Money(5_000, "USD")}
    assert await spent(limited) == 4_800
    assert (await limited.transfers.send(limited.order(200))).status is not TransferStatus.FAILED
    with pytest.raises(LimitExceeded):
        await limited.transfers.send(limited.order(1))


async def test_the_day_rolls(limited: World) -> None:
    """What was sent counts for 24 hours by the clock and at most a minute longer, each payment by itself."""
    await limited.transfers.send(limited.order(2_000))
    limited.clock.advance(timedelta(hours=10))
    await limited.transfers.send(limited.order(2_000))
    await limited.transfers.send(limited.order(1_000))

    limited.clock.advance(timedelta(hours=14) - timedelta(seconds=1))
    with pytest.raises(LimitExceeded):
        await limited.transfers.send(limited.order(1))
    limited.clock.advance(timedelta(minutes=1, seconds=1))
    await limited.transfers.send(limited.order(2_000))
    with pytest.raises(LimitExceeded):
        await limited.transfers.send(limited.order(1))

    limited.clock.advance(timedelta(hours=10))
    assert (await limited.transfers.send(limited.order(2_000))).status is TransferStatus.COMPLETED


async def test_what_fails_does_not_count(limited: World) -> None:
    """A payment that the wallet refuses is given back to the day, by the commit that ends it."""
    limited.bank.available[limited.ada_wallet.id] = 100
    for _ in range(10):
        with pytest.raises(InsufficientFunds):
            await limited.transfers.send(limited.order(2_000))
    assert await spent(limited) == 0

    limited.bank.available[limited.ada_wallet.id] = BALANCE
    assert (await limited.transfers.send(limited.order(2_000))).status is TransferStatus.COMPLETED
    assert await spent(limited) == 2_000


async def test_a_refused_key_stays_refused(limited: World) -> None:
    """A payment that the day had no room for is not made by sending it again the next day."""
    for _ in range(2):
        await limited.transfers.send(limited.order(2_000))
    order = limited.order(1_001)
    with pytest.raises(LimitExceeded) as first:
        await limited.transfers.send(order)

    limited.clock.advance(DAY * 2)
    with pytest.raises(LimitExceeded) as again:
        await limited.transfers.send(order)

    assert again.value.message == first.value.message == "You may send $50.00 within 24 hours; this would be more."
    assert limited.balances == (BALANCE - 4_000, 0, 4_000)


async def test_a_repeat_counts_once(limited: World) -> None:
    """However often a command is sent, at once or later, it takes its room only once."""
    order = limited.order(2_000)

    await asyncio.gather(*(limited.transfers.send(order) for _ in range(8)))
    await limited.transfers.send(order)

    assert await spent(limited) == 2_000


async def test_days_are_the_payers_own(limited: World) -> None:
    """Another payer, and another currency, have limits of their own; a refund has none."""
    for amount in (2_000, 2_000, 1_000):
        await limited.transfers.send(limited.order(amount))
    euros, to = limited.bank.open(limited.ada, "EUR", balance=500), limited.bank.open(limited.bob, "EUR")
    in_euros: dict[str, Any] = {"from_wallet_id": str(euros.id), "to_wallet_id": str(to.id)}
    back: dict[str, Any] = {
        "payer_id": limited.bob,
        "from_wallet_id": str(limited.bob_wallet.id),
        "to_wallet_id": str(limited.ada_wallet.id),
    }

    await limited.transfers.send(limited.order(2_000, **back))
    await limited.transfers.send(replace(limited.order(**in_euros), amount=Money(100, "EUR")))
    with pytest.raises(LimitExceeded):
        await limited.transfers.send(replace(limited.order(**in_euros), amount=Money(1, "EUR")))
    refund = await begin_refund(limited)

    assert refund.refusal is None
    assert await spent(limited) == 5_000 + 2_000 + 100


def test_limits_as_they_are_written() -> None:
    """Currencies with minor units, `*` for any other; nothing written, nothing limited; a mistake names itself and the way out."""
    assert LIMITS.per_transfer == {"USD": 2_000, "JPY": 1}
    assert LIMITS.per_day == {"USD": 5_000, "*": 100}
    assert Limits.parse(per_transfer="", per_day="") == Limits()
    for broken in ("USD", "usd=5", "USD=5.00", "USD=-5", "DOLLAR=5", "=5", "USD=5;EUR=6"):
        with pytest.raises(SettingsError, match="PAYFLOW_DAILY_LIMITS has") as mistake:
            Limits.parse(per_transfer="", per_day=broken)
        assert "USD=500000" in str(mistake.value)


async def test_what_no_day_counts_any_more_is_forgotten(limited: World) -> None:
    """Old minutes are cleared away; those that still count are not."""
    await limited.transfers.send(limited.order(1_000))
    limited.clock.advance(DAY)
    await limited.transfers.send(limited.order(500))
    await limited.recovery.keep_house()
    assert await spent(limited) == 1_500

    limited.clock.advance(timedelta(hours=2))
    await limited.recovery.keep_house()
    assert await spent(limited) == 500


async def begin_refund(world: World) -> Given:
    """A refund of the whole of Ada's first payment."""
    async with world.database.read() as connection:
        payment_id: UUID = (await connection.scalars(select(transfers.c.id).order_by(transfers.c.id).limit(1))).one()
        payment = (await store.by_ids(connection, [payment_id]))[payment_id]
    refund = Transfer(
        id=new_id(),
        payer_id=payment.payee_id,
        payee_id=payment.payer_id,
        from_wallet_id=payment.to_wallet_id,
        to_wallet_id=payment.from_wallet_id,
        amount=payment.amount,
        note=None,
        created_at=NOW,
        kind=TransferKind.REFUND,
        refund_of=payment.id,
    )
    return await world.transfers.begin(Command(world.bob, Scope.REFUND, "back", b"it"), refund)
