"""What services do with other people's money: holds, captures, releases, credits, debits."""

from __future__ import annotations

from uuid import uuid4

from payflow.kernel.ids import new_id
from tests.subgraphs.wallet.people import WALLET, People


async def test_hold_and_capture(people: People) -> None:
    """A held amount shows in the payer's balance and holds; captured, both statements tell it."""
    ada, from_wallet = await people.funded(1000)
    bob, to_wallet = await people.funded(0)
    transfer = new_id()

    hold = await people.hold(from_wallet, to_wallet, 250, transferId=str(transfer))

    assert (hold["status"], hold["amount"]["amount"], hold["transfer"]["id"]) == ("OPEN", 250, str(transfer))
    seen = (await people.client.data(WALLET, {"id": from_wallet}, token=people.token(ada)))["wallet"]
    assert [seen["balance"][part]["amount"] for part in ("available", "held", "total")] == [750, 250, 1000]
    assert [(one["id"], one["status"]) for one in seen["holds"]] == [(hold["id"], "OPEN")]

    captured = await people.capture(hold["id"])
    assert (captured["id"], captured["status"], captured["captured"]["amount"]) == (hold["id"], "CAPTURED", 250)
    assert captured["remaining"] == {"amount": 0, "currency": "USD", "formatted": "$0.00"}

    seen = (await people.client.data(WALLET, {"id": from_wallet}, token=people.token(ada)))["wallet"]
    assert [seen["balance"][part]["amount"] for part in ("available", "held", "total")] == [750, 0, 750]
    assert seen["holds"] == []
    assert [edge["node"]["kind"] for edge in seen["entries"]["edges"]] == ["TRANSFER_OUT", "DEPOSIT"]
    seen = (await people.client.data(WALLET, {"id": to_wallet}, token=people.token(bob)))["wallet"]
    assert seen["entries"]["edges"][0]["node"] == {"kind": "TRANSFER_IN", "amount": {"amount": 250}}


async def test_refusals_of_holds_arrive_as_union_members(people: People) -> None:
    """Every refusal of the internal mutations is data too."""
    (_, ada), (_, bob) = await people.funded(100), await people.funded(0)

    short = await people.hold(ada, bob, 101)
    assert (short["__typename"], short["available"]["amount"], short["requested"]["formatted"]) == (
        "InsufficientFunds",
        100,
        "$1.01",
    )
    assert (await people.hold(ada, ada, 1))["__typename"] == "SameWallet"
    assert (await people.hold(ada, str(uuid4()), 1))["__typename"] == "WalletNotFound"
    assert (await people.hold(ada, "no uuid", 1))["__typename"] == "WalletNotFound"
    mismatch = await people.hold(ada, bob, 1, currency="EUR")
    assert mismatch["__typename"] == "CurrencyMismatch"
    for refused, field in (
        (await people.hold(ada, bob, 0), "amount"),
        (await people.hold(ada, bob, 1, id="x"), "id"),
        (await people.hold(ada, bob, 1, transferId="x"), "transferId"),
        (await people.hold(ada, bob, 1, expiresInSeconds=0), "expiresInSeconds"),
    ):
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)

    hold = await people.hold(ada, bob, 10, id=(hold_id := str(new_id())))
    assert (await people.hold(ada, bob, 11, id=hold_id))["__typename"] == "IdempotencyConflict"
    assert (await people.capture(str(new_id())))["__typename"] == "HoldNotFound"
    assert (await people.capture("x"))["__typename"] == "HoldNotFound"
    assert (await people.release("x"))["__typename"] == "HoldCancelled"
    assert (await people.release(late := str(new_id())))["__typename"] == "HoldCancelled"
    assert (await people.hold(ada, bob, 10, id=late))["__typename"] == "HoldCancelled"
    assert (await people.release(hold["id"]))["status"] == "RELEASED"
    assert (await people.capture(hold["id"]))["__typename"] == "HoldReleased"
    captured = await people.hold(ada, bob, 10)
    await people.capture(captured["id"])
    assert (await people.release(captured["id"]))["__typename"] == "HoldCaptured"


async def test_credit(people: People) -> None:
    """A reward is an entry that names its transfer; its refusals are data."""
    _, wallet = await people.funded(0)
    transfer = str(uuid4())

    entry = await people.credit(wallet, 25, transferId=transfer)

    assert entry == {
        "__typename": "Entry",
        "kind": "REWARD",
        "amount": {"amount": 25},
        "transfer": {"id": transfer},
    }
    assert (await people.credit(str(uuid4()), 25))["__typename"] == "WalletNotFound"
    assert (await people.credit(wallet, 25, currency="EUR"))["__typename"] == "CurrencyMismatch"
    assert (await people.credit(wallet, 25, transferId="x"))["field"] == "transferId"
    assert (await people.credit(wallet, 25, idempotencyKey="k"))["__typename"] == "Entry"
    assert (await people.credit(wallet, 26, idempotencyKey="k"))["__typename"] == "IdempotencyConflict"
