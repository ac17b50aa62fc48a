"""What people do with a wallet besides filling it: take money out, close it; and what they see of one that is frozen."""

from __future__ import annotations

from uuid import UUID, uuid4

from subgraphs.wallet import service
from subgraphs.wallet.commands import ChangeStatus, WalletStatus
from tests.subgraphs.wallet.people import ENTITIES, People
from tests.subgraphs.wallet.world import World


async def set_status(world: World, wallet: str, to: WalletStatus) -> None:
    """As an operator does."""
    command = ChangeStatus(wallet_id=UUID(wallet), to=to, actor="operator:ann", reason="a test")
    await service.change_status(command, world.ledger)


async def test_withdraw(people: People) -> None:
    """Money leaves for the world outside: an entry that is negative, and that much less is in the wallet."""
    ada, wallet = await people.funded(1000)

    entry = await people.withdraw(ada, wallet, 250)

    assert (entry["kind"], entry["transfer"]) == ("WITHDRAWAL", None)
    assert (entry["amount"]["formatted"], entry["balanceAfter"]["amount"]) == ("-$2.50", 750)
    assert await people.balance(wallet) == (750, 0, 750)


async def test_refusals_of_withdraw(people: People, world: World) -> None:
    """Each is a member of the union, and leaves the money where it was."""
    ada, wallet = await people.funded(100)
    _, bob = await people.funded(0)
    await people.hold(wallet, bob, 40)

    short = await people.withdraw(ada, wallet, 61)
    assert (short["__typename"], short["available"]["amount"], short["requested"]["amount"]) == (
        "InsufficientFunds",
        60,
        61,
    )
    assert (await people.withdraw(ada, wallet, 5, currency="EUR"))["__typename"] == "CurrencyMismatch"
    for stranger, wanted in ((uuid4(), wallet), (ada, str(uuid4())), (ada, "no uuid")):
        assert (await people.withdraw(stranger, wanted, 5))["__typename"] == "WalletNotFound"
    for refused, field in (
        (await people.withdraw(ada, wallet, 0), "amount"),
        (await people.withdraw(ada, wallet, -5), "amount"),
        (await people.withdraw(ada, wallet, 5, currency="ZZZ"), "amount"),
        (await people.withdraw(ada, wallet, 5, idempotencyKey=""), "idempotencyKey"),
        (await people.withdraw(ada, wallet, 5, idempotencyKey="k" * 65), "idempotencyKey"),
    ):
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
    await set_status(world, wallet, WalletStatus.FROZEN)
    assert (await people.withdraw(ada, wallet, 5))["__typename"] == "WalletFrozen"
    assert await people.balance(wallet) == (60, 40, 100)


async def test_a_repeated_withdrawal(people: People) -> None:
    """The same key and input get the first answer to the letter, accepted or refused; another input is a conflict."""
    ada, wallet = await people.funded(100)
    for amount in (30, 500):
        key = uuid4().hex
        first = await people.withdraw(ada, wallet, amount, idempotencyKey=key)
        assert await people.withdraw(ada, wallet, amount, idempotencyKey=key) == first
        assert (await people.withdraw(ada, wallet, amount + 1, idempotencyKey=key))[
            "__typename"
        ] == "IdempotencyConflict"
    assert await people.balance(wallet) == (70, 0, 70)


async def test_a_key_is_its_owners_and_its_commands(people: People) -> None:
    """The same key names one deposit and one withdrawal of each person, and none is in the others' way."""
    (ada, adas), (bob, bobs) = await people.funded(100), await people.funded(100)
    for user, wallet in ((ada, adas), (bob, bobs)):
        assert (await people.deposit(user, wallet, 5, idempotencyKey="k"))["kind"] == "DEPOSIT"
        assert (await people.withdraw(user, wallet, 5, idempotencyKey="k"))["kind"] == "WITHDRAWAL"


async def test_close(people: People) -> None:
    """An empty wallet closes for ever: nothing comes in or out, and it still shows its history."""
    ada, wallet = await people.funded(100)
    _, bob = await people.funded(100)

    assert (await people.close(ada, wallet))["__typename"] == "WalletNotEmpty"
    await people.withdraw(ada, wallet, 100)
    closed = await people.close(ada, wallet)

    assert (closed["__typename"], closed["id"], closed["status"]) == ("Wallet", wallet, "CLOSED")
    assert await people.close(ada, wallet) == closed
    assert (await people.deposit(ada, wallet, 5))["__typename"] == "WalletClosed"
    assert (await people.withdraw(ada, wallet, 5))["__typename"] == "WalletClosed"
    assert (await people.hold(wallet, bob, 5))["__typename"] == "WalletClosed"
    assert (await people.hold(bob, wallet, 5))["__typename"] == "WalletClosed"
    assert (await people.credit(wallet, 5))["__typename"] == "WalletClosed"
    assert (await people.debit(wallet, 5))["__typename"] == "WalletClosed"
    query = "query ($id: ID!) { wallet(id: $id) { status entries { edges { node { kind } } } } }"
    seen = (await people.client.data(query, {"id": wallet}, token=people.token(ada)))["wallet"]
    assert seen["status"] == "CLOSED"
    assert [edge["node"]["kind"] for edge in seen["entries"]["edges"]] == ["WITHDRAWAL", "DEPOSIT"]


async def test_a_closed_wallet_makes_room_for_another(people: People) -> None:
    """Its owner opens a new one of the currency, once; it is the one that is found, and both are listed."""
    ada, former = await people.funded(0)
    await people.close(ada, former)

    wallet = (await people.open(ada))["id"]

    exists = await people.open(ada)
    assert (exists["__typename"], exists["wallet"]["id"]) == ("WalletExists", wallet)
    user = '... on User { wallets { id status } wallet(currency: "USD") { id } }'
    reference = {"r": [{"__typename": "User", "id": str(ada)}]}
    assert (await people.client.data(ENTITIES % user, reference, token=people.token(ada)))["_entities"] == [
        {"wallets": [{"id": former, "status": "CLOSED"}, {"id": wallet, "status": "OPEN"}], "wallet": {"id": wallet}}
    ]
    await people.close(ada, wallet)
    assert (await people.open(ada))["id"] not in (former, wallet)


async def test_what_is_on_hold_keeps_a_wallet_open(people: People) -> None:
    """It closes when the hold has settled; and a payee who closes meanwhile is paid no more."""
    (ada, adas), (bob, bobs) = await people.funded(10), await people.funded(0)
    hold = await people.hold(adas, bobs, 10)

    assert (await people.close(ada, adas))["__typename"] == "WalletNotEmpty"
    assert (await people.close(bob, bobs))["status"] == "CLOSED"
    assert (await people.capture(hold["id"]))["__typename"] == "WalletClosed"
    assert (await people.release(hold["id"]))["status"] == "RELEASED"
    assert await people.balance(adas) == (10, 0, 10)


async def test_nobody_closes_another_persons_wallet(people: People) -> None:
    """It is not found, as one that does not exist."""
    _, wallet = await people.funded(0)

    for wanted in (wallet, str(uuid4()), "no uuid"):
        assert (await people.close(uuid4(), wanted))["__typename"] == "WalletNotFound"


async def test_a_frozen_wallet(people: People, world: World) -> None:
    """Money comes in and none leaves, but for what was on hold before."""
    (ada, adas), (_, bobs) = await people.funded(100), await people.funded(100)
    hold = await people.hold(adas, bobs, 10)
    await set_status(world, adas, WalletStatus.FROZEN)

    assert (await people.withdraw(ada, adas, 5))["__typename"] == "WalletFrozen"
    assert (await people.hold(adas, bobs, 5))["__typename"] == "WalletFrozen"
    assert (await people.debit(adas, 5))["__typename"] == "WalletFrozen"
    assert (await people.deposit(ada, adas, 5))["__typename"] == "Entry"
    assert (await people.credit(adas, 5))["__typename"] == "Entry"
    assert (await people.hold(bobs, adas, 5))["__typename"] == "Hold"
    assert (await people.capture(hold["id"]))["status"] == "CAPTURED"
    assert await people.balance(adas) == (100, 0, 100)

    await set_status(world, adas, WalletStatus.OPEN)
    assert (await people.withdraw(ada, adas, 5))["__typename"] == "Entry"


async def test_its_owner_does_not_get_round_a_freeze(people: People, world: World) -> None:
    """A frozen wallet, empty as it may be, is not closed by its owner to open another; an operator may close it."""
    ada, wallet = await people.funded(0)
    await set_status(world, wallet, WalletStatus.FROZEN)

    assert (await people.close(ada, wallet))["__typename"] == "WalletFrozen"
    assert (await people.open(ada))["__typename"] == "WalletExists"

    await set_status(world, wallet, WalletStatus.CLOSED)
    assert (await people.close(ada, wallet))["status"] == "CLOSED"


async def test_that_a_wallet_is_frozen_is_its_owners_business(people: People, world: World) -> None:
    """Its owner and our services see it; to others it reads OPEN, since it can be paid. That one is closed everybody sees."""
    ada, wallet = await people.funded(0)
    query = "query ($id: ID!) { wallet(id: $id) { status } }"

    async def seen_by(token: str) -> str:
        status: str = (await people.client.data(query, {"id": wallet}, token=token))["wallet"]["status"]
        return status

    owner, other = people.token(ada), people.token(uuid4())
    await set_status(world, wallet, WalletStatus.FROZEN)
    assert [await seen_by(token) for token in (owner, other, people.service)] == ["FROZEN", "OPEN", "FROZEN"]
    await set_status(world, wallet, WalletStatus.CLOSED)
    assert [await seen_by(token) for token in (owner, other, people.service)] == ["CLOSED"] * 3
