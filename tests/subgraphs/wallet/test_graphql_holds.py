"""What services do with other people's money: holds, captures, releases, credits, debits."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from payflow.kernel.ids import new_id
from tests.subgraphs.wallet.people import WALLET, People
from tests.subgraphs.wallet.world import World


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
    key = uuid4().hex
    assert (await people.credit(wallet, 25, idempotencyKey=key))["__typename"] == "Entry"
    assert (await people.credit(wallet, 26, idempotencyKey=key))["__typename"] == "IdempotencyConflict"


async def test_captures_in_part(people: People) -> None:
    """A capture that is not final leaves the rest on hold; the final one gives back what it leaves."""
    (_, ada), (_, bob) = await people.funded(100), await people.funded(0)
    hold = await people.hold(ada, bob, 60)

    def money(amount: int) -> dict[str, Any]:
        return {"amount": amount, "currency": "USD"}

    first = await people.capture(hold["id"], amount=money(10), final=False, key="first")
    assert (first["status"], first["captured"]["amount"], first["remaining"]["amount"]) == ("OPEN", 10, 50)
    assert (await people.balance(ada), await people.balance(bob)) == ((40, 50, 90), (10, 0, 10))

    assert await people.capture(hold["id"], amount=money(10), final=False, key="first") == first
    exceeding = await people.capture(hold["id"], amount=money(51), key="second")
    assert (exceeding["__typename"], exceeding["requested"]["amount"], exceeding["left"]["amount"]) == (
        "CaptureExceedsHold",
        51,
        50,
    )

    last = await people.capture(hold["id"], amount=money(30), key="third")
    assert (last["status"], last["captured"]["amount"], last["remaining"]["amount"]) == ("CAPTURED", 40, 0)
    assert (await people.balance(ada), await people.balance(bob)) == ((60, 0, 60), (40, 0, 40))
    assert (await people.capture(hold["id"], key="fourth"))["__typename"] == "HoldCaptured"


async def test_refusals_of_a_capture(people: People) -> None:
    """Wrong amounts, keys and currencies are told apart, and a key names one capture."""
    (_, ada), (_, bob) = await people.funded(100), await people.funded(0)
    hold = (await people.hold(ada, bob, 60))["id"]
    dollars = {"amount": 10, "currency": "USD"}

    for variables, field in (
        ({"amount": {"amount": 0, "currency": "USD"}}, "amount"),
        ({"amount": {"amount": -1, "currency": "USD"}}, "amount"),
        ({"amount": {"amount": 1, "currency": "ZZZ"}}, "amount"),
        ({"key": ""}, "idempotencyKey"),
        ({"key": "k" * 65}, "idempotencyKey"),
    ):
        refused = await people.capture(hold, **variables)
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
    wrong = await people.capture(hold, amount={"amount": 1, "currency": "EUR"}, key=uuid4().hex)
    assert wrong["__typename"] == "CurrencyMismatch"
    key = uuid4().hex
    assert (await people.capture(hold, amount=dollars, final=False, key=key))["__typename"] == "Hold"
    assert (await people.capture(hold, amount=dollars, final=True, key=key))["__typename"] == "IdempotencyConflict"
    assert await people.balance(bob) == (10, 0, 10)


async def test_extend(people: People) -> None:
    """A hold lasts at least as long as told from now, never shorter; what has ended cannot be extended."""
    (_, ada), (_, bob) = await people.funded(100), await people.funded(0)
    hold = await people.hold(ada, bob, 10)

    longer = await people.extend(hold["id"], 3600)
    shorter = await people.extend(hold["id"], 60)

    assert longer["expiresAt"] > hold["expiresAt"]
    assert shorter["expiresAt"] == longer["expiresAt"]
    for seconds in (0, -1, 7 * 24 * 3600 + 1):
        refused = await people.extend(hold["id"], seconds)
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", "expiresInSeconds")
    assert (await people.extend(str(new_id()), 60))["__typename"] == "HoldNotFound"
    assert (await people.extend("x", 60))["__typename"] == "HoldNotFound"
    await people.release(hold["id"])
    assert (await people.extend(hold["id"], 60))["__typename"] == "HoldReleased"
    captured = await people.hold(ada, bob, 10)
    await people.capture(captured["id"])
    assert (await people.extend(captured["id"], 60))["__typename"] == "HoldCaptured"


async def test_past_its_time(people: People, world: World) -> None:
    """By the database's clock it is neither captured nor extended, whether it was swept or not; its money goes back."""
    (_, ada), (_, bob) = await people.funded(100), await people.funded(0)
    hold = (await people.hold(ada, bob, 10))["id"]
    await world.tamper("UPDATE hold SET expires_at = now() - interval '1 s' WHERE id = :id", id=UUID(hold))

    assert (await people.capture(hold))["__typename"] == "HoldExpired"
    assert (await people.extend(hold, 60))["__typename"] == "HoldExpired"
    assert (await people.release(hold))["__typename"] == "Hold"
    assert await people.balance(ada) == (100, 0, 100)


async def test_the_payer_owns_the_wallet_that_pays(people: People) -> None:
    """A service cannot hold one person's money for another, nor without saying whose it is."""
    (_, ada), (bob_id, bob) = await people.funded(100), await people.funded(0)

    for payer in (str(bob_id), str(uuid4())):
        assert (await people.hold(ada, bob, 10, payerId=payer))["__typename"] == "WalletNotFound"
    refused = await people.hold(ada, bob, 10, payerId="x")
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "payerId")
    assert await people.balance(ada) == (100, 0, 100)


async def test_a_refund_reads_as_one(people: People) -> None:
    """The purpose of a hold decides how both statements tell its capture; both name the payment."""
    (ada, adas), (bob, bobs) = await people.funded(100), await people.funded(10)
    payment = str(new_id())
    await people.capture((await people.hold(bobs, adas, 10, transferId=payment))["id"])
    hold = await people.hold(adas, bobs, 10, purpose="REFUND", transferId=payment)
    await people.capture(hold["id"])
    query = "query ($id: ID!) { wallet(id: $id) { entries(first: 1) { edges { node { kind transfer { id } } } } } }"

    told = []
    for user, wallet in ((ada, adas), (bob, bobs)):
        seen = (await people.client.data(query, {"id": wallet}, token=people.token(user)))["wallet"]
        told.append(seen["entries"]["edges"][0]["node"])

    assert told == [
        {"kind": "REFUND_OUT", "transfer": {"id": payment}},
        {"kind": "REFUND_IN", "transfer": {"id": payment}},
    ]


async def test_debit(people: People) -> None:
    """A reward is taken back: an entry that names its transfer; its refusals are data."""
    _, wallet = await people.funded(0)
    transfer = str(uuid4())
    await people.credit(wallet, 25, transferId=transfer)

    entry = await people.debit(wallet, 25, transferId=transfer)

    assert entry == {
        "__typename": "Entry",
        "kind": "REWARD_CLAWBACK",
        "amount": {"amount": -25},
        "transfer": {"id": transfer},
    }
    assert (await people.debit(wallet, 1))["__typename"] == "InsufficientFunds"
    assert (await people.debit(str(uuid4()), 25))["__typename"] == "WalletNotFound"
    assert (await people.debit(wallet, 25, currency="EUR"))["__typename"] == "CurrencyMismatch"
    assert (await people.debit(wallet, 0))["field"] == "amount"
    assert (await people.debit(wallet, 25, transferId="x"))["field"] == "transferId"
    key = uuid4().hex
    await people.credit(wallet, 25, idempotencyKey=key)
    assert (await people.debit(wallet, 25, idempotencyKey=key))["__typename"] == "Entry"
    assert (await people.debit(wallet, 26, idempotencyKey=key))["__typename"] == "IdempotencyConflict"
