"""Giving money back, against a real database and fake neighbours."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from payflow.kernel.errors import IdempotencyConflict, InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import refunds_store, store
from subgraphs.transactions.domain import State, Step, Transfer, TransferKind, TransferStatus
from subgraphs.transactions.errors import CurrencyMismatch, InsufficientFunds, NotRefundable, TransferNotFound
from subgraphs.transactions.fake_gateways import Fault
from subgraphs.transactions.refunds import RefundTransfer
from subgraphs.transactions.store import TransfersQuery
from subgraphs.transactions.tables import transfers
from tests.subgraphs.transactions.world import BALANCE, World

AT_ONCE = 20


def giving_back(world: World, payment: Transfer, amount: int | None = None, **others: Any) -> RefundTransfer:
    """Bob gives some of the payment back, or all that is left of it."""
    fields: dict[str, Any] = {
        "user_id": world.bob,
        "transfer_id": str(payment.id),
        "amount": None if amount is None else Money(amount, "USD"),
        "idempotency_key": uuid4().hex,
    }
    return RefundTransfer(**{**fields, **others})


async def payment_now(world: World, payment: Transfer) -> Transfer:
    async with world.database.read() as connection:
        return (await store.by_ids(connection, [payment.id]))[payment.id]


async def refunds_now(world: World, payment: Transfer) -> list[Transfer]:
    """The newest first."""
    async with world.database.read() as connection:
        return (await refunds_store.of_payments(connection, [payment.id])).get(payment.id, [])


async def test_some_and_then_the_rest(world: World) -> None:
    """Parts come back one by one; each is a transfer back of its own, and the payment says how much it is in all."""
    payment = await world.transfers.send(world.order(2_500))

    some = await world.refunds.refund(giving_back(world, payment, 1_000))
    rest = await world.refunds.refund(giving_back(world, payment))

    assert (some.id, some.refunded, some.refunding) == (payment.id, 1_000, 0)
    assert (rest.id, rest.refunded, rest.refunding) == (payment.id, 2_500, 0)
    assert world.balances == (BALANCE, 0, 0)
    second, first = await refunds_now(world, payment)
    assert [refund.amount.amount for refund in (first, second)] == [1_000, 1_500]
    assert {refund.kind for refund in (first, second)} == {TransferKind.REFUND}
    assert (first.payer_id, first.payee_id, first.state) == (world.bob, world.ada, State.COMPLETED)
    assert set(await world.steps(first.id)) == {"HOLD", "CAPTURE"}


async def test_a_refund_is_told_as_one(world: World) -> None:
    """Its event says how much came back, and how much in all; nobody takes it for a payment."""
    payment = await world.transfers.send(world.order(2_500))
    await world.refunds.refund(giving_back(world, payment, 1_000))
    await world.refunds.refund(giving_back(world, payment, 500))

    completed, first, second = await world.events()
    assert completed["type"] == "transfer.completed.v1"
    assert first["type"] == second["type"] == "transfer.refunded.v1"
    assert first["subject"] == first["data"]["transfer_id"] == str(payment.id)
    assert (first["data"]["amount"], first["data"]["payer_id"]) == (2_500, str(world.ada))
    assert [(told["data"]["refund_amount"], told["data"]["refunded"]) for told in (first, second)] == [
        (1_000, 1_000),
        (500, 1_500),
    ]


async def test_what_cannot_be_refunded_is_refused(world: World) -> None:
    """Each refusal has its type, and leaves neither a refund nor a reservation."""
    payment = await world.transfers.send(world.order(2_500))
    refused: list[tuple[type[Refusal], dict[str, Any]]] = [
        (TransferNotFound, {"transfer_id": str(uuid4())}),
        (TransferNotFound, {"transfer_id": "no id"}),
        (TransferNotFound, {"user_id": new_id()}),
        (NotRefundable, {"user_id": world.ada}),
        (NotRefundable, {"amount": 2_501}),
        (InvalidInput, {"amount": 0}),
        (InvalidInput, {"idempotency_key": ""}),
    ]

    for refusal, change in refused:
        with pytest.raises(refusal):
            await world.refunds.refund(giving_back(world, payment, **{"amount": 5, **change}))
    with pytest.raises(CurrencyMismatch):
        await world.refunds.refund(replace(giving_back(world, payment), amount=Money(5, "EUR")))

    assert await payment_now(world, payment) == payment
    assert await refunds_now(world, payment) == []


async def test_a_refund_is_not_refunded(world: World) -> None:
    """What came back stays; whoever wants it there again sends it."""
    payment = await world.transfers.send(world.order(2_500))
    await world.refunds.refund(giving_back(world, payment))
    [refund] = await refunds_now(world, payment)

    with pytest.raises(NotRefundable, match="refund itself"):
        await world.refunds.refund(giving_back(world, refund, 5, user_id=world.ada))


async def test_what_never_completed_is_not_refunded(hasty: World) -> None:
    """Neither a failed payment nor one under way, and nobody who knows its id changes that."""
    hasty.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * 3)
    pending = await hasty.transfers.send(hasty.order(2_500))
    assert pending.status is TransferStatus.PENDING

    with pytest.raises(NotRefundable, match="not been completed"):
        await hasty.refunds.refund(giving_back(hasty, pending))

    await hasty.recover(pending.id)
    assert (await hasty.refunds.refund(giving_back(hasty, pending))).refunded == 2_500


@pytest.mark.parametrize(("amount", "come_through"), [(200, 12), (None, 1), (2_500, 1)])
async def test_many_at_once_never_exceed_it(world: World, amount: int | None, come_through: int) -> None:
    """However many refunds of one payment are asked for together: they come back up to what was paid, the others are refused."""
    payment = await world.transfers.send(world.order(2_500))

    answers = await asyncio.gather(
        *(world.refunds.refund(giving_back(world, payment, amount)) for _ in range(AT_ONCE)), return_exceptions=True
    )

    outcomes = Counter(type(answer) for answer in answers)
    assert outcomes == {Transfer: come_through, NotRefundable: AT_ONCE - come_through}
    back = come_through * (amount or 2_500)
    assert (await payment_now(world, payment)).refunded == back
    assert world.balances == (BALANCE - 2_500 + back, 0, 2_500 - back)
    assert len(await refunds_now(world, payment)) == come_through


async def test_who_has_spent_it_cannot_give_it_back(world: World) -> None:
    """The refund is refused by the wallet, nothing stays reserved, and the key keeps its refusal even when there is money again."""
    payment = await world.transfers.send(world.order(2_500))
    carol = world.bank.open(new_id())
    spent = world.order(2_000, payer_id=world.bob, from_wallet_id=str(world.bob_wallet.id), to_wallet_id=str(carol.id))
    await world.transfers.send(spent)
    command = giving_back(world, payment, 1_000)

    with pytest.raises(InsufficientFunds) as poor:
        await world.refunds.refund(command)
    await world.transfers.send(world.order(1_000))
    with pytest.raises(InsufficientFunds) as still:
        await world.refunds.refund(command)

    assert (poor.value.available, poor.value.requested) == (Money(500, "USD"), Money(1_000, "USD"))
    assert str(still.value) == str(poor.value)
    assert (await world.refunds.refund(giving_back(world, payment, 1_000))).refunded == 1_000
    assert (await payment_now(world, payment)).refunding == 0


@pytest.mark.parametrize("step", [Step.HOLD, Step.CAPTURE])
@pytest.mark.parametrize("fault", [Fault.LOSE_REQUEST, Fault.LOSE_REPLY])
async def test_while_nobody_knows_it_stays_reserved(hasty: World, step: Step, fault: Fault) -> None:
    """A refund without an answer keeps what it will give back, so that nobody else can; then it completes."""
    payment = await hasty.transfers.send(hasty.order(2_500))
    hasty.network.disturb(step, *[fault] * 3)

    waiting = await hasty.refunds.refund(giving_back(hasty, payment, 2_000))
    [refund] = await refunds_now(hasty, payment)

    assert (waiting.refunded, waiting.refunding) == (0, 2_000)
    assert refund.status is TransferStatus.PENDING
    with pytest.raises(NotRefundable, match=r"Only \$5\.00"):
        await hasty.refunds.refund(giving_back(hasty, payment, 501))
    assert (await hasty.recover(refund.id)).state is State.COMPLETED
    now = await payment_now(hasty, payment)
    assert (now.refunded, now.refunding) == (2_000, 0)


async def test_what_definitely_failed_can_be_tried_again(hasty: World) -> None:
    """A hold that lapsed gives its reservation back with its end, and tells nobody of a refund."""
    payment = await hasty.transfers.send(hasty.order(2_500))
    hasty.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * 3)
    await hasty.refunds.refund(giving_back(hasty, payment))
    [refund] = await refunds_now(hasty, payment)
    hasty.bank.expire(refund.hold_id)

    ended = await hasty.recover(refund.id)

    assert (ended.state, ended.failure_code) == (State.FAILED, "HOLD_EXPIRED")
    now = await payment_now(hasty, payment)
    assert (now.refunded, now.refunding) == (0, 0)
    assert [event["type"] for event in await hasty.events()] == ["transfer.completed.v1"]
    assert (await hasty.refunds.refund(giving_back(hasty, payment))).refunded == 2_500


async def test_one_key_gives_back_once(world: World) -> None:
    """Repeats, also at once, are one refund; another input under the key is a conflict."""
    payment = await world.transfers.send(world.order(2_500))
    command = giving_back(world, payment, 1_000, idempotency_key="back")

    await asyncio.gather(*(world.refunds.refund(command) for _ in range(8)))
    again = await world.refunds.refund(command)

    assert again.refunded == 1_000
    assert len(await refunds_now(world, payment)) == 1
    others: list[dict[str, Any]] = [{"amount": Money(999, "USD")}, {"amount": None}, {"transfer_id": str(uuid4())}]
    for other in others:
        with pytest.raises(IdempotencyConflict):
            await world.refunds.refund(replace(command, **other))


async def test_a_refusal_is_remembered(hasty: World) -> None:
    """What was refused under a key is refused for ever, though another key may fare better by then."""
    hasty.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * 3)
    payment = await hasty.transfers.send(hasty.order(2_500))
    early = giving_back(hasty, payment, 1_000)
    with pytest.raises(NotRefundable) as first:
        await hasty.refunds.refund(early)
    await hasty.recover(payment.id)

    with pytest.raises(NotRefundable) as again:
        await hasty.refunds.refund(early)

    assert str(again.value) == str(first.value)
    assert (await hasty.refunds.refund(giving_back(hasty, payment, 1_000))).refunded == 1_000


async def test_keys_belong_to_their_command(world: World) -> None:
    """The key of a payment is free for a refund, also of the same person."""
    there = await world.transfers.send(world.order(2_500, idempotency_key="lunch"))
    back = world.order(
        500,
        payer_id=world.bob,
        from_wallet_id=str(world.bob_wallet.id),
        to_wallet_id=str(world.ada_wallet.id),
        idempotency_key="lunch",
    )
    await world.transfers.send(back)

    assert (await world.refunds.refund(giving_back(world, there, 100, idempotency_key="lunch"))).refunded == 100


async def test_lists_show_payments(world: World) -> None:
    """A refund stands with its payment, not among what one paid and was paid."""
    payment = await world.transfers.send(world.order(2_500))
    await world.refunds.refund(giving_back(world, payment, 1_000))

    for user in (world.ada, world.bob):
        query = TransfersQuery(user_id=user, older_than=None, states=None, most=10)
        async with world.database.read() as connection:
            assert [found.id for found in await store.of_user(connection, query)] == [payment.id]


@pytest.mark.parametrize("beyond", [{"refunded": 2_501}, {"refunding": 2_501}, {"refunded": 2_000, "refunding": 501}])
async def test_the_database_forbids_more(world: World, beyond: dict[str, int]) -> None:
    """Whatever a bug would write, more than was paid cannot be given back."""
    payment = await world.transfers.send(world.order(2_500))

    with pytest.raises(IntegrityError, match="refunds_are_within_the_payment"):
        async with world.database.unit_of_work() as work:
            await work.connection.execute(update(transfers).where(transfers.c.id == payment.id).values(**beyond))


async def reserved(world: World, payment_id: UUID) -> int:
    """What the unfinished refunds of a payment will give back."""
    async with world.database.read() as connection:
        query = select(func.coalesce(func.sum(transfers.c.amount), 0)).where(
            transfers.c.refund_of == payment_id, transfers.c.ended_at.is_(None)
        )
        return int((await connection.execute(query)).scalar_one())


async def test_a_reservation_is_its_refunds(hasty: World) -> None:
    """At any time `refunding` is the sum of the refunds under way, however they end."""
    payment = await hasty.transfers.send(hasty.order(2_500))
    for fault in (Fault.LOSE_REQUEST, Fault.LOSE_REPLY, Fault.DUPLICATE):
        hasty.network.disturb(Step.CAPTURE, fault)
        await hasty.refunds.refund(giving_back(hasty, payment, 300))
        assert (await payment_now(hasty, payment)).refunding == await reserved(hasty, payment.id)

    for refund in await refunds_now(hasty, payment):
        await hasty.recover(refund.id)
    now = await payment_now(hasty, payment)
    assert (now.refunded, now.refunding) == (900, 0)
