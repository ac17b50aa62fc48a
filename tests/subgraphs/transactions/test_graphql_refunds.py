"""Refunds through the real application of the transactions service, with fake neighbours."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import uuid4

from payflow.kernel.db import counting_statements
from subgraphs.transactions.domain import Step
from subgraphs.transactions.fake_gateways import Fault
from subgraphs.transactions.loaders import make_loaders
from tests.subgraphs.transactions.stage import PAYMENT, REFUND, WATCH, Stage
from tests.subgraphs.transactions.world import BALANCE

LOOK = "query ($id: ID!) { transfer(id: $id) { ...Payment } }" + PAYMENT


async def test_the_answer_is_the_payment(stage: Stage) -> None:
    """It says what has gone back, and tells of each refund, the newest first; both parties see the same."""
    sent = await stage.send(2_500)

    await stage.refund(sent["id"], 1_000)
    answer = await stage.refund(sent["id"])

    typename = answer.pop("__typename")
    assert (typename, answer["id"], answer["kind"], answer["status"]) == (
        "Transfer",
        sent["id"],
        "PAYMENT",
        "COMPLETED",
    )
    assert (answer["amount"], answer["refunded"], answer["refundOf"]) == ({"amount": 2_500}, {"amount": 2_500}, None)
    rest, some = answer["refunds"]
    assert (rest["amount"], some["amount"]) == ({"amount": 1_500}, {"amount": 1_000})
    assert (some["kind"], some["status"], some["refundOf"]) == ("REFUND", "COMPLETED", {"id": sent["id"]})
    assert (some["from"]["id"], some["to"]["id"]) == (str(stage.world.bob_wallet.id), str(stage.world.ada_wallet.id))
    for token in (stage.ada, stage.bob):
        assert (await stage.client.data(LOOK, {"id": sent["id"]}, token=token))["transfer"] == answer
    assert stage.world.balances == (BALANCE, 0, 0)


async def test_refusals_arrive_as_union_members(stage: Stage) -> None:
    """Every refusal is data, with a sentence and what belongs to it."""
    sent = (await stage.send(2_500))["id"]
    used = uuid4().hex
    await stage.refund(sent, 100, idempotencyKey=used)
    bank, purse = stage.world.bank, stage.world.bob_wallet.id
    bank.available[purse] = 400
    bank.frozen.add(purse)
    frozen = await stage.refund(sent, 1)
    bank.frozen.clear()
    bank.closed.add(purse)
    closed = await stage.refund(sent, 1)
    bank.closed.clear()
    members = {
        "WalletFrozen": frozen,
        "WalletClosed": closed,
        "TransferNotFound": await stage.refund(str(uuid4()), 5),
        "NotRefundable": await stage.refund(sent, 2_401),
        "InsufficientFunds": await stage.refund(sent, 401),
        "CurrencyMismatch": await stage.refund(sent, amount={"amount": 5, "currency": "EUR"}),
        "IdempotencyConflict": await stage.refund(sent, 101, idempotencyKey=used),
        "InvalidInput": await stage.refund(sent, 0),
    }

    assert {name: member["__typename"] for name, member in members.items()} == {name: name for name in members}
    assert all(member["message"] for member in members.values())
    assert members["InvalidInput"]["field"] == "amount"
    assert members["InsufficientFunds"]["available"] == {"amount": 400}


async def test_strangers_and_payers_refund_nothing(stage: Stage) -> None:
    """Strangers learn nothing, the payer is told why not, nobody is turned away; also when they ask this service directly."""
    sent = (await stage.send(2_500))["id"]

    stranger, payer = await stage.refund(sent, 5, token=stage.eve), await stage.refund(sent, 5, token=stage.ada)
    fields = {"transferId": sent, "idempotencyKey": "k"}
    nobody = await stage.client.execute(REFUND, {"input": fields})
    service = await stage.client.execute(REFUND, {"input": fields}, token=stage.service)

    assert (stranger["__typename"], payer["__typename"]) == ("TransferNotFound", "NotRefundable")
    for answer in (nobody, service):
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert stage.world.balances == (BALANCE - 2_500, 0, 2_500)


async def test_many_at_once(stage: Stage) -> None:
    """Twenty refunds together give back what was paid and no more."""
    sent = (await stage.send(2_500))["id"]

    answers = await asyncio.gather(*(stage.refund(sent, 300) for _ in range(20)))

    assert Counter(answer["__typename"] for answer in answers) == {"Transfer": 8, "NotRefundable": 12}
    assert stage.world.balances == (BALANCE - 100, 0, 100)


async def test_a_refund_is_followed_by_its_id(stage: Stage) -> None:
    """One that takes its time is pending among its payment's refunds, and transferUpdated tells how it goes on, to both parties."""
    sent = (await stage.send(2_500))["id"]
    network = stage.world.network
    network.disturb(Step.CAPTURE, Fault.HANG_BEFORE)
    refunding = asyncio.create_task(stage.refund(sent, 1_000))
    while network.calls.count(Step.CAPTURE) < 2:
        await asyncio.sleep(0.01)
    network.down = True
    [pending] = (await stage.client.data(LOOK, {"id": sent}, token=stage.ada))["transfer"]["refunds"]

    async with stage.client.subscribe(WATCH, {"id": pending["id"]}, token=stage.ada) as subscription:
        seen = []
        while (event := await subscription.next()) is not None:
            seen.append(event["data"]["transferUpdated"]["status"])
            network.down = False

    await refunding
    assert pending["status"] == seen[0] == "PENDING"
    assert seen[-1] == "COMPLETED"
    assert (await stage.refund(sent, 1))["refunded"] == {"amount": 1_001}


async def test_refunds_of_many_cost_the_same(stage: Stage) -> None:
    """However many payments: one statement ranks their refunds, one reads them."""
    ids = [(await stage.send(100))["id"] for _ in range(4)]
    for payment in ids[:3]:
        await stage.refund(payment, 10)
    world = stage.world

    loaders = make_loaders(world.database)
    payments = await asyncio.gather(*(loaders.transfer_by_id.load(payment) for payment in ids))
    async with counting_statements(world.database.engine) as statements:
        found = await asyncio.gather(*(loaders.refunds_of_payment.load(each.id) for each in payments if each))

    assert [len(refunds) for refunds in found] == [1, 1, 1, 0]
    assert len(statements) == 2, statements
