"""Sending money, once per idempotency key, against a real database and fake neighbours."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from payflow.client.errors import OutcomeUnknown
from payflow.kernel.db import Database, counting_statements
from payflow.kernel.errors import DependencyUnavailable, IdempotencyConflict, InvalidInput
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import statements, tables
from subgraphs.transactions.domain import Step, TransferStatus
from subgraphs.transactions.errors import (
    CurrencyMismatch,
    InsufficientFunds,
    RecipientNotFound,
    SameWallet,
    WalletNotFound,
)
from subgraphs.transactions.fake_gateways import Fault
from tests.subgraphs.transactions.world import BALANCE, NOW, World


async def count_transfers(world: World) -> int:
    async with world.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(tables.transfers))).scalar_one())


async def test_money_moves_to_a_wallet(world: World) -> None:
    """The transfer is completed when it is answered, and says who, what, when."""
    transfer = await world.transfers.send(world.order(2_500, note="Lunch"))

    assert transfer.status is TransferStatus.COMPLETED
    assert (transfer.payer_id, transfer.payee_id) == (world.ada, world.bob)
    assert (transfer.amount, transfer.note) == (Money(2_500, "USD"), "Lunch")
    assert transfer.created_at == transfer.ended_at == NOW
    assert world.balances == (BALANCE - 2_500, 0, 2_500)


@pytest.mark.parametrize("handle", ["bob", "@Bob"])
async def test_money_moves_to_a_handle(world: World, handle: str) -> None:
    """A handle finds the person's wallet in the currency of the amount."""
    world.bank.open(world.bob, "EUR")

    transfer = await world.transfers.send(world.order(to_wallet_id=None, to_handle=handle))

    assert transfer.to_wallet_id == world.bob_wallet.id


async def test_how_it_ended_is_told(world: World) -> None:
    """The outbox has the event that goes with the end, of the transfer's own facts."""
    done = await world.transfers.send(world.order(2_500))
    with pytest.raises(InsufficientFunds):
        await world.transfers.send(world.order(BALANCE))

    completed, failed = await world.events()
    assert completed["type"] == "transfer.completed.v1"
    assert completed["subject"] == completed["data"]["transfer_id"] == str(done.id)
    assert completed["data"]["payee_id"] == str(world.bob)
    assert (completed["data"]["amount"], completed["data"]["currency"]) == (2_500, "USD")
    assert failed["type"] == "transfer.failed.v1"
    assert failed["data"]["failure_code"] == "INSUFFICIENT_FUNDS"


async def test_what_cannot_be_sent_is_refused(world: World) -> None:
    """Each refusal has its type; none leaves a transfer or moves money."""
    euros = world.bank.open(world.ada, "EUR", balance=BALANCE)
    refused: dict[type[Exception], list[dict[str, Any]]] = {
        WalletNotFound: [
            {"from_wallet_id": str(world.bob_wallet.id)},
            {"from_wallet_id": str(uuid4())},
            {"from_wallet_id": "no id"},
        ],
        RecipientNotFound: [
            {"to_wallet_id": str(uuid4())},
            {"to_wallet_id": "no id"},
            {"to_wallet_id": None, "to_handle": "nobody"},
            {"to_wallet_id": None, "to_handle": "bo\x00b"},
            {"to_wallet_id": None, "to_handle": "bob", "from_wallet_id": str(euros.id), "amount": Money(5, "EUR")},
        ],
        SameWallet: [{"to_wallet_id": str(world.ada_wallet.id)}, {"to_wallet_id": None, "to_handle": "ada"}],
        CurrencyMismatch: [
            {"amount": Money(5, "EUR")},
            {"from_wallet_id": str(euros.id)},
            {"to_wallet_id": str(euros.id)},
        ],
        InvalidInput: [{"amount": Money(0, "USD")}],
    }
    for refusal, changes in refused.items():
        for change in changes:
            with pytest.raises(refusal):
                await world.transfers.send(replace(world.order(), **change))

    assert await count_transfers(world) == 0
    assert world.network.calls == []
    assert world.balances == (BALANCE, 0, 0)


async def test_a_repeat_gets_the_first_answer(world: World) -> None:
    """The same key and input answer the same transfer, and money moves once."""
    order = world.order(2_500)

    first = await world.transfers.send(order)
    again = await world.transfers.send(order)

    assert again == first
    assert world.balances == (BALANCE - 2_500, 0, 2_500)


async def test_repeats_at_the_same_time_are_one_transfer(world: World) -> None:
    """However many requests with one key arrive together, one transfer is made and all are answered with it."""
    order = world.order(2_500)

    answers = await asyncio.gather(*(world.transfers.send(order) for _ in range(8)))

    assert {answer.id for answer in answers} == {answers[0].id}
    assert {answer.status for answer in answers} == {TransferStatus.COMPLETED}
    assert world.balances == (BALANCE - 2_500, 0, 2_500)
    assert await count_transfers(world) == 1


async def test_one_key_is_one_input(world: World) -> None:
    """The same key with another amount, note or recipient is a conflict, also for one that was refused."""
    order = world.order(2_500)
    await world.transfers.send(order)
    refused = world.order(to_wallet_id=str(uuid4()))
    with pytest.raises(RecipientNotFound):
        await world.transfers.send(refused)

    for other in (
        replace(order, amount=Money(2_501, "USD")),
        replace(order, note="n"),
        replace(order, to_wallet_id=None, to_handle="bob"),
        replace(refused, to_wallet_id=str(world.bob_wallet.id)),
    ):
        with pytest.raises(IdempotencyConflict):
            await world.transfers.send(other)

    assert await count_transfers(world) == 1


async def test_keys_belong_to_their_payer(world: World) -> None:
    """Two people who happen to choose one key do not meet."""
    order = world.order(2_500)
    await world.transfers.send(order)
    back = replace(
        order, payer_id=world.bob, from_wallet_id=str(world.bob_wallet.id), to_wallet_id=str(world.ada_wallet.id)
    )

    assert (await world.transfers.send(back)).payer_id == world.bob
    assert world.balances == (BALANCE, 0, 0)


async def test_refusals_are_remembered_word_for_word(world: World) -> None:
    """A key that was once refused never succeeds later, even where the reason has gone; it answers what it answered."""
    poor = world.order(BALANCE + 1)
    unknown = world.order(to_wallet_id=None, to_handle="eve")
    with pytest.raises(InsufficientFunds):
        await world.transfers.send(poor)
    with pytest.raises(RecipientNotFound) as first:
        await world.transfers.send(unknown)

    world.bank.available[world.ada_wallet.id] *= 10
    eve = world.users.handles["eve"] = new_id()
    world.bank.open(eve)

    with pytest.raises(InsufficientFunds) as refusal:
        await world.transfers.send(poor)
    assert (refusal.value.available, refusal.value.requested) == (Money(BALANCE, "USD"), Money(BALANCE + 1, "USD"))
    with pytest.raises(RecipientNotFound) as again:
        await world.transfers.send(unknown)
    assert again.value.message == first.value.message


async def test_a_silent_neighbour_before_the_beginning_leaves_the_key_free(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where wallets cannot even be looked up, nothing has begun, and the same command may be sent again."""

    async def silent(*_: object) -> None:
        raise OutcomeUnknown("http://10.0.0.7:4102 refused")

    order = world.order(2_500)
    monkeypatch.setattr(type(world.bank), "wallets", silent)
    with pytest.raises(DependencyUnavailable) as unavailable:
        await world.transfers.send(order)
    assert "10.0.0.7" not in str(unavailable.value)
    monkeypatch.undo()

    assert (await world.transfers.send(order)).status is TransferStatus.COMPLETED


async def test_a_slow_saga_is_answered_as_it_stands(world: World) -> None:
    """The client is not kept waiting for a wallet that hangs: PENDING is the answer, and a repeat later gets the end."""
    world.network.disturb(Step.HOLD, Fault.HANG_AFTER, *[Fault.LOSE_REQUEST] * 2)
    order = world.order(2_500)

    pending = await world.transfers.send(order)
    assert pending.status is TransferStatus.PENDING
    await world.recover(pending.id)
    done = await world.transfers.send(order)

    assert (done.id, done.status) == (pending.id, TransferStatus.COMPLETED)
    assert world.balances == (BALANCE - 2_500, 0, 2_500)


async def test_a_request_that_goes_away_does_not_stop_the_saga(world: World) -> None:
    """A client that hangs up has sent its money all the same."""
    world.network.disturb(Step.HOLD, Fault.LOSE_REQUEST)
    sending = asyncio.create_task(world.transfers.send(world.order(2_500)))
    while not world.network.calls:
        await asyncio.sleep(0.01)
    sending.cancel()

    transfer = await world.recover((await world.only_transfer()).id)

    assert transfer.status is TransferStatus.COMPLETED


async def test_a_transfer_takes_three_round_trips(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """To begin, to record the hold, to record the capture with the end: one statement each, and no other."""
    sent: list[str] = []
    call = Database.call

    async def counted(self: Database, statement: str, *arguments: object) -> list[Any]:
        sent.append(statement)
        return await call(self, statement, *arguments)

    monkeypatch.setattr(Database, "call", counted)
    async with counting_statements(world.database.engine) as others:
        await world.transfers.send(world.order(2_500))

    assert sent == [statements.BEGIN, statements.ADVANCE, statements.END]
    assert others == []
