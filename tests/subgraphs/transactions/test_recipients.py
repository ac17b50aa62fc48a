"""Wallets are looked up once: what never changes is remembered, what may change is not."""

from __future__ import annotations

from typing import Any

import pytest

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import recipients
from subgraphs.transactions.domain import TransferStatus
from subgraphs.transactions.errors import RecipientNotFound, WalletClosed
from subgraphs.transactions.requests import RequestPayment
from tests.subgraphs.transactions.world import BALANCE, World


async def test_two_wallets_are_found_by_one_question(world: World) -> None:
    """The first transfer asks once for both wallets; those after it ask nothing."""
    await world.transfers.send(world.order(100))
    assert world.network.lookups == 1

    for _ in range(3):
        await world.transfers.send(world.order(100))
    assert world.network.lookups == 1


async def test_who_goes_by_a_handle_is_asked_each_time(world: World) -> None:
    """A handle may change hands, and its person's wallet be another, so both are looked up for each transfer; the payer's is not."""
    for lookups in (2, 3):
        await world.transfers.send(world.order(100, to_wallet_id=None, to_handle="bob"))
        assert world.network.lookups == lookups

    eve = world.users.handles["bob"] = new_id()
    wallet = world.bank.open(eve)
    transfer = await world.transfers.send(world.order(100, to_wallet_id=None, to_handle="bob"))

    assert (transfer.payee_id, transfer.to_wallet_id) == (eve, wallet.id)


async def test_what_is_not_there_is_asked_for_again(world: World) -> None:
    """A recipient without a wallet may open one the next moment, and is paid then."""
    eve = world.users.handles["eve"] = new_id()
    with pytest.raises(RecipientNotFound):
        await world.transfers.send(world.order(100, to_wallet_id=None, to_handle="eve"))
    world.bank.open(eve)

    paid = await world.transfers.send(world.order(100, to_wallet_id=None, to_handle="eve"))

    assert paid.status is TransferStatus.COMPLETED


async def test_who_closes_a_wallet_and_opens_another_is_paid_into_that(world: World) -> None:
    """By handle, and by the requests that they make: which wallet is theirs now is asked each time."""
    request: dict[str, Any] = {
        "requester_id": world.bob,
        "payer_handle": "ada",
        "amount": Money(100, "USD"),
        "note": None,
    }
    await world.transfers.send(world.order(100, to_wallet_id=None, to_handle="bob"))
    before = await world.requests.ask(RequestPayment(**request, idempotency_key="before"))
    world.bank.closed.add(world.bob_wallet.id)
    other = world.bank.open(world.bob)

    paid = await world.transfers.send(world.order(100, to_wallet_id=None, to_handle="bob"))
    after = await world.requests.ask(RequestPayment(**request, idempotency_key="after"))

    assert (paid.status, paid.to_wallet_id) == (TransferStatus.COMPLETED, other.id)
    assert (before.to_wallet_id, after.to_wallet_id) == (world.bob_wallet.id, other.id)


async def test_a_closed_wallet_is_refused_by_the_wallet_service(world: World) -> None:
    """That a wallet is remembered says nothing about whether it still takes money: the hold decides."""
    await world.transfers.send(world.order(100))
    world.bank.closed.add(world.bob_wallet.id)

    with pytest.raises(WalletClosed):
        await world.transfers.send(world.order(100))

    assert world.balances == (BALANCE - 100, 0, 100)


async def test_memory_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond KNOWN_MAX the wallet used longest ago is forgotten, and looked up again when it is needed."""
    monkeypatch.setattr(recipients, "KNOWN_MAX", 2)
    other = world.bank.open(world.bob)
    await world.transfers.send(world.order(100))
    await world.transfers.send(world.order(100, to_wallet_id=str(other.id)))
    assert world.network.lookups == 2

    await world.transfers.send(world.order(100))
    assert world.network.lookups == 3
