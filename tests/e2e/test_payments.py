"""Money goes back and is asked for, through the router and all five services, over real servers."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from tests.e2e.people import People, Person, key, usd
from tests.subgraphs.harness import Client

REFUND = """
mutation ($input: RefundInput!) {
  refundTransfer(input: $input) {
    __typename
    ... on Transfer {
      id status amount { amount } refunded { amount }
      refunds { status amount { amount } from { owner { handle } } to { owner { handle } } refundOf { id } }
    }
    ... on Problem { message }
  }
}
"""
ASK = """
mutation ($input: RequestPaymentInput!) {
  requestPayment(input: $input) {
    __typename
    ... on PaymentRequest { id status payer { handle displayName } requester { handle } amount { formatted } transfer { id } }
    ... on Problem { message }
  }
}
"""
PAY = """
mutation ($input: PayRequestInput!) {
  payRequest(input: $input) {
    __typename
    ... on Transfer { id status to { owner { handle } } }
    ... on Problem { message }
    ... on PaymentRequestClosed { ended: status }
  }
}
"""
CLOSE = """
mutation ($id: ID!) {
  closed: %s(id: $id) {
    __typename ... on PaymentRequest { status } ... on Problem { message } ... on PaymentRequestClosed { status }
  }
}
"""
INBOX = """
query ($status: [PaymentRequestStatus!]) {
  me { paymentRequests(status: $status) { edges { node {
    id status note requester { handle } payer { handle } transfer { id status from { owner { handle } } }
  } } } }
}
"""
STATEMENT = """
query ($id: ID!) {
  wallet(id: $id) { entries { edges { node { kind amount { amount } transfer { id refunded { amount } } } } } }
}
"""


async def refund(person: Person, transfer_id: str, amount: int | None = None, **others: Any) -> dict[str, Any]:
    fields = {"transferId": transfer_id, "idempotencyKey": key(), **({} if amount is None else {"amount": usd(amount)})}
    result: dict[str, Any] = (await person.ask(REFUND, {"input": {**fields, **others}}))["refundTransfer"]
    return result


async def ask(person: Person, payer: Person, amount: int, **others: Any) -> dict[str, Any]:
    fields = {"payerHandle": payer.handle, "amount": usd(amount), "note": "Pizza", "idempotencyKey": key(), **others}
    result: dict[str, Any] = (await person.ask(ASK, {"input": fields}))["requestPayment"]
    return result


async def pay(person: Person, request_id: str, **others: Any) -> dict[str, Any]:
    fields = {"id": request_id, "fromWalletId": person.wallet_id, "idempotencyKey": key(), **others}
    result: dict[str, Any] = (await person.ask(PAY, {"input": fields}))["payRequest"]
    return result


async def close(person: Person, verb: str, request_id: str) -> dict[str, Any]:
    result: dict[str, Any] = (await person.ask(CLOSE % verb, {"id": request_id}))["closed"]
    return result


async def requests_of(person: Person, *status: str) -> list[dict[str, Any]]:
    edges = (await person.ask(INBOX, {"status": list(status) or None}))["me"]["paymentRequests"]["edges"]
    return [edge["node"] for edge in edges]


async def test_money_goes_back_in_parts(people: People) -> None:
    """Two refunds give a payment back; both statements name the payment, and nothing is left to be refunded."""
    ada, bob = await people.person("ada"), await people.person("bob")
    await ada.deposit(100_00)
    sent = await ada.send(25_00, bob)

    some = await refund(bob, sent["id"], 10_00)
    rest = await refund(bob, sent["id"])
    more = await refund(bob, sent["id"], 1)

    assert (some["id"], some["status"], some["refunded"]) == (sent["id"], "COMPLETED", {"amount": 10_00})
    assert some["refunds"] == [
        {
            "status": "COMPLETED",
            "amount": {"amount": 10_00},
            "from": {"owner": {"handle": bob.handle}},
            "to": {"owner": {"handle": ada.handle}},
            "refundOf": {"id": sent["id"]},
        }
    ]
    assert rest["refunded"] == {"amount": 25_00}
    assert more["__typename"] == "NotRefundable"
    assert await bob.balance() == (0, 0)
    entries = (await bob.ask(STATEMENT, {"id": bob.wallet_id}))["wallet"]["entries"]["edges"]
    payment = {"id": sent["id"], "refunded": {"amount": 25_00}}
    assert [edge["node"] for edge in entries] == [
        {"kind": "REFUND_OUT", "amount": {"amount": -15_00}, "transfer": payment},
        {"kind": "REFUND_OUT", "amount": {"amount": -10_00}, "transfer": payment},
        {"kind": "TRANSFER_IN", "amount": {"amount": 25_00}, "transfer": payment},
    ]


async def test_many_refunds_at_once(people: People) -> None:
    """Twenty refunds of one payment together never give back more than it was."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    sent = await ada.send(25_00, bob)

    answers = await asyncio.gather(*(refund(bob, sent["id"], 3_00) for _ in range(20)))

    assert Counter(answer["__typename"] for answer in answers) == {"Transfer": 8, "NotRefundable": 12}
    assert await bob.balance() == (1_00, 0)


async def test_who_may_refund(people: People) -> None:
    """Not the payer, not a stranger, not who has spent it; and one key gives back once."""
    ada, bob, eve = [await people.person(name, balance=10_00) for name in ("ada", "bob", "eve")]
    sent = await ada.send(10_00, bob)
    same = key()

    assert (await refund(ada, sent["id"], 1_00))["__typename"] == "NotRefundable"
    assert (await refund(eve, sent["id"], 1_00))["__typename"] == "TransferNotFound"
    first, again = [await refund(bob, sent["id"], 1_00, idempotencyKey=same) for _ in range(2)]
    assert first == again
    assert (await refund(bob, sent["id"], 2_00, idempotencyKey=same))["__typename"] == "IdempotencyConflict"
    await bob.send(19_00, eve)
    assert (await refund(bob, sent["id"], 1_00))["__typename"] == "InsufficientFunds"


async def test_a_request_is_paid(people: People) -> None:
    """Asked, found in the payer's list, paid; both see by whom and with which transfer."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")

    asked = await ask(bob, ada, 12_50)
    [found] = await requests_of(ada, "OPEN")
    paid = await pay(ada, found["id"])
    late = await pay(ada, found["id"])

    assert (asked["status"], asked["payer"]) == ("OPEN", {"handle": ada.handle, "displayName": "Ada"})
    assert (found["id"], found["note"], found["requester"]) == (asked["id"], "Pizza", {"handle": bob.handle})
    assert (paid["status"], paid["to"]["owner"]["handle"]) == ("COMPLETED", bob.handle)
    assert (late["__typename"], late["ended"]) == ("PaymentRequestClosed", "PAID")
    for person in (ada, bob):
        [request] = await requests_of(person)
        assert request["status"] == "PAID"
        assert request["transfer"] == {
            "id": paid["id"],
            "status": "COMPLETED",
            "from": {"owner": {"handle": ada.handle}},
        }
    assert await bob.balance() == (12_50, 0)


async def test_a_request_ends_once(people: People) -> None:
    """A decline, a cancel and payments that come together: one of them wins, and the money says the same as the status."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")

    for _ in range(3):
        before = await bob.balance()
        asked = (await ask(bob, ada, 12_50))["id"]
        await asyncio.gather(
            pay(ada, asked), close(ada, "declineRequest", asked), pay(ada, asked), close(bob, "cancelRequest", asked)
        )
        [status] = [request["status"] for request in await requests_of(bob) if request["id"] == asked]
        paid = 12_50 if status == "PAID" else 0
        assert status in ("PAID", "DECLINED", "CANCELLED")
        assert await bob.balance() == (before[0] + paid, 0)


async def test_requests_are_private(people: People, api: Client) -> None:
    """A stranger neither sees nor answers a request, and each party only does what is theirs to do."""
    ada, bob, eve = [await people.person(name, balance=10_00) for name in ("ada", "bob", "eve")]
    asked = (await ask(bob, ada, 5_00))["id"]
    look = "query ($id: ID!) { paymentRequest(id: $id) { status } }"

    assert (await eve.ask(look, {"id": asked}))["paymentRequest"] is None
    for answer in (
        await pay(eve, asked),
        await pay(bob, asked),
        await close(eve, "declineRequest", asked),
        await close(bob, "declineRequest", asked),
        await close(ada, "cancelRequest", asked),
    ):
        assert answer["__typename"] == "PaymentRequestNotFound"
    nobody = await api.execute(look, {"id": asked})
    assert [error["extensions"]["code"] for error in nobody["errors"]] == ["UNAUTHORIZED_FIELD_OR_TYPE"]
    assert (await close(ada, "declineRequest", asked))["status"] == "DECLINED"
    assert (await close(bob, "cancelRequest", asked))["status"] == "DECLINED"
