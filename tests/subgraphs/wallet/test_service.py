"""The commands of wallet against a real database: what each does, refuses and remembers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from payflow.kernel.errors import IdempotencyConflict, InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import ledger
from subgraphs.wallet.commands import AMOUNT_MAX
from subgraphs.wallet.domain import BALANCE_MAX, Entry, EntryKind, Hold, HoldStatus
from subgraphs.wallet.errors import (
    BalanceTooLarge,
    CurrencyMismatch,
    HoldCancelled,
    HoldCaptured,
    HoldExpired,
    HoldNotFound,
    HoldReleased,
    InsufficientFunds,
    SameWallet,
    WalletExists,
    WalletNotFound,
)
from tests.subgraphs.wallet.world import World, same

EXPIRE = "UPDATE hold SET expires_at = clock_timestamp() WHERE id = :hold"


async def test_a_person_has_one_wallet_per_currency(world: World) -> None:
    """A second one is refused, and the refusal says which there is."""
    owner = uuid4()
    dollars = await world.open("USD", owner_id=owner)
    await world.open("EUR", owner_id=owner)

    with pytest.raises(WalletExists) as refusal:
        await world.open("USD", owner_id=owner)

    assert refusal.value.wallet_id == dollars.id


async def test_a_wallet_opened_twice_at_once_is_one(world: World) -> None:
    """Of ten who open the same wallet together one does, and the others learn of it."""
    owner = uuid4()
    outcomes = await asyncio.gather(*(world.open(owner_id=owner) for _ in range(10)), return_exceptions=True)

    opened = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(opened) == 1
    exists = [outcome for outcome in outcomes if isinstance(outcome, WalletExists)]
    assert [refusal.wallet_id for refusal in exists] == [opened[0].id] * 9


async def test_an_unknown_currency_is_refused(world: World) -> None:
    """The refusal names the field."""
    with pytest.raises(InvalidInput) as refusal:
        await world.open("ZZZ")

    assert refusal.value.field == "currency"


async def test_a_deposit_is_a_line_of_the_statement(world: World) -> None:
    """The answer is the entry that the statement shows."""
    wallet = await world.open()

    entry = await world.deposit(wallet, 1250)

    assert isinstance(entry, Entry)
    assert (entry.kind, entry.amount, entry.balance_after) == (
        EntryKind.DEPOSIT,
        Money(1250, "USD"),
        Money(1250, "USD"),
    )
    assert await world.statement(wallet) == [entry]


async def test_a_deposit_repeated_answers_the_first(world: World) -> None:
    """The same key and input move money once, also when more has happened since; another input is a conflict."""
    wallet = await world.open()
    first = await world.deposit(wallet, 100, key="monday")
    await world.deposit(wallet, 5)

    assert await world.deposit(wallet, 100, key="monday") == first
    with pytest.raises(IdempotencyConflict):
        await world.deposit(wallet, 101, key="monday")
    assert (await world.now(wallet)).posted == 105
    await world.assert_true()


async def test_keys_are_ones_own(world: World) -> None:
    """Two people may use the same key for different deposits."""
    ada, bob = await world.open(), await world.open()

    assert isinstance(await world.deposit(ada, 100, key="monday"), Entry)
    assert isinstance(await world.deposit(bob, 200, key="monday"), Entry)


async def test_deposit_refusals_are_remembered(world: World) -> None:
    """Somebody else's wallet and another currency are refused, and the repeat is refused alike, in the same words."""
    wallet, stranger = await world.open(), uuid4()
    for refused, expected in (
        ({"owner_id": stranger, "key": "a"}, WalletNotFound),
        ({"currency": "EUR", "key": "b"}, CurrencyMismatch),
    ):
        first = await world.deposit(wallet, 100, **refused)
        again = await world.deposit(wallet, 100, **refused)

        assert isinstance(first, expected)
        assert same(first, again)
    assert (await world.now(wallet)).posted == 0
    await world.assert_true()


async def test_a_refused_deposit_stays_refused(world: World) -> None:
    """A key that met a full wallet never pays in later, though there is room by then."""
    wallet, other = await world.open(), await world.open()
    for _ in range(BALANCE_MAX // AMOUNT_MAX):
        await world.deposit(wallet, AMOUNT_MAX)
    assert isinstance(await world.deposit(wallet, 1, key="late"), BalanceTooLarge)
    await world.capture((await world.placed(wallet, other, 10)).id)

    assert isinstance(await world.deposit(wallet, 1, key="late"), BalanceTooLarge)
    assert isinstance(await world.deposit(wallet, 1, key="new"), Entry)


async def test_malformed_input_leaves_the_key_free(world: World) -> None:
    """An amount out of bounds is nobody's outcome: the corrected command may use the key."""
    wallet = await world.open()
    for amount in (0, AMOUNT_MAX + 1):
        with pytest.raises(InvalidInput):
            await world.deposit(wallet, amount, key="monday")

    assert isinstance(await world.deposit(wallet, 1, key="monday"), Entry)


async def test_a_fault_leaves_the_key_free(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails in the database rolls back with its key, and the same command then succeeds."""
    wallet = await world.open()

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "POST", "SELECT 1 / (number - 1) FROM post($1::posting[])")
        with pytest.raises(DBAPIError, match="division by zero"):
            await world.deposit(wallet, 100, key="monday")

    assert isinstance(await world.deposit(wallet, 100, key="monday"), Entry)
    assert (await world.now(wallet)).posted == 100


async def test_a_credit_comes_from_the_rewards_fund(world: World) -> None:
    """A reward is paid once per key and names its transfer; the fund goes as far below zero as it must."""
    wallet, transfer_id = await world.open(), uuid4()

    first = await world.credit(wallet, 25, key="reward", transfer_id=transfer_id)

    assert isinstance(first, Entry)
    assert (first.kind, first.transfer_id) == (EntryKind.REWARD, transfer_id)
    assert await world.credit(wallet, 25, key="reward", transfer_id=transfer_id) == first
    with pytest.raises(IdempotencyConflict):
        await world.credit(wallet, 25, key="reward", transfer_id=uuid4())
    assert (await world.now(wallet)).posted == 25
    await world.assert_true()


async def test_a_capture_pays_the_payee_once(world: World) -> None:
    """Capturing twice answers the same hold and moves the money once; both statements name the transfer."""
    ada, bob = await world.open(holding=1000), await world.open()
    hold = await world.placed(ada, bob, 250)

    first, again = await world.capture(hold.id), await world.capture(hold.id)

    assert first == again
    assert first.status is HoldStatus.CAPTURED
    assert ((await world.now(ada)).posted, (await world.now(bob)).posted) == (750, 250)
    out, into = (await world.statement(ada))[0], (await world.statement(bob))[0]
    assert (out.kind, out.amount, out.balance_after) == (
        EntryKind.TRANSFER_OUT,
        Money(-250, "USD"),
        Money(750, "USD"),
    )
    assert (into.kind, into.amount, into.transfer_id) == (EntryKind.TRANSFER_IN, Money(250, "USD"), hold.transfer_id)
    assert out.at == into.at
    with pytest.raises(HoldCaptured):
        await world.release(hold.id)


async def test_a_release_gives_back_once(world: World) -> None:
    """Releasing twice answers the same hold; a capture then is refused."""
    ada, bob = await world.open(holding=1000), await world.open()
    hold = await world.placed(ada, bob, 250)
    assert (await world.now(ada)).available == Money(750, "USD")

    first, again = await world.release(hold.id), await world.release(hold.id)

    assert same(first, again)
    assert isinstance(first, Hold)
    assert first.status is HoldStatus.RELEASED
    assert (await world.now(ada)).available == Money(1000, "USD")
    assert [entry.kind for entry in await world.statement(ada)] == [EntryKind.DEPOSIT]
    with pytest.raises(HoldReleased):
        await world.capture(hold.id)


async def test_a_hold_repeated_answers_the_first(world: World) -> None:
    """The repeat is the hold as it was placed, whatever became of it; another input under its id is a conflict."""
    ada, bob = await world.open(holding=1000), await world.open()
    hold = await world.placed(ada, bob, 250)

    assert await world.hold(ada, bob, 250, id=hold.id) == hold
    await world.capture(hold.id)
    assert await world.hold(ada, bob, 250, id=hold.id) == hold
    with pytest.raises(IdempotencyConflict):
        await world.hold(ada, bob, 251, id=hold.id)
    assert (await world.now(ada)).total == Money(750, "USD")


async def test_hold_refusals_are_remembered(world: World) -> None:
    """A hold refused for want of money stays refused in the same words, though the money has come since."""
    ada, bob = await world.open(holding=100), await world.open()
    hold_id = new_id()

    first = await world.hold(ada, bob, 101, id=hold_id)
    await world.deposit(ada, 1000)
    again = await world.hold(ada, bob, 101, id=hold_id)

    assert isinstance(first, InsufficientFunds)
    assert (first.available, first.requested) == (Money(100, "USD"), Money(101, "USD"))
    assert same(first, again)
    assert isinstance(await world.hold(ada, bob, 101), Hold)


async def test_what_a_hold_refuses(world: World) -> None:
    """Each rule has its refusal, and each is remembered."""
    ada, bob, euros = await world.open(holding=100), await world.open(), await world.open("EUR")
    nobody = await world.open()
    object.__setattr__(nobody, "id", uuid4())
    for payer, payee, expected in (
        (ada, ada, SameWallet),
        (ada, nobody, WalletNotFound),
        (nobody, bob, WalletNotFound),
        (ada, euros, CurrencyMismatch),
        (euros, bob, InsufficientFunds),
    ):
        hold_id = new_id()
        first = await world.hold(payer, payee, 50, id=hold_id)
        assert isinstance(first, expected)
        assert same(first, await world.hold(payer, payee, 50, id=hold_id))
        assert isinstance(await world.release(hold_id), HoldCancelled)
        with pytest.raises(HoldNotFound):
            await world.capture(hold_id)
    assert (await world.now(ada)).held == 0
    await world.assert_true()


async def test_a_hold_that_comes_after_its_release_is_refused(world: World) -> None:
    """Releasing an id never seen leaves a tombstone, for any input; releasing it again says the same."""
    ada, bob = await world.open(holding=1000), await world.open()
    hold_id = new_id()

    assert isinstance(await world.release(hold_id), HoldCancelled)

    assert isinstance(await world.hold(ada, bob, 250, id=hold_id), HoldCancelled)
    assert isinstance(await world.hold(ada, bob, 250, id=hold_id), HoldCancelled)
    assert isinstance(await world.release(hold_id), HoldCancelled)
    assert (await world.now(ada)).held == 0


async def test_expiry_is_the_databases(world: World) -> None:
    """A hold past its time cannot be captured, by the database's clock; its money stays held until it is released."""
    ada, bob = await world.open(holding=1000), await world.open()
    hold = await world.placed(ada, bob, 250)
    await world.tamper(EXPIRE, hold=hold.id)

    with pytest.raises(HoldExpired):
        await world.capture(hold.id)

    assert (await world.now(ada)).held == 250
    released = await world.release(hold.id)
    assert isinstance(released, Hold)
    assert released.status is HoldStatus.RELEASED
    await world.assert_true()


async def test_a_capture_answered_before_expiry_is_answered_after(world: World) -> None:
    """The repeat of a capture is not late."""
    ada, bob = await world.open(holding=1000), await world.open()
    hold = await world.placed(ada, bob, 250)
    captured = await world.capture(hold.id)
    await world.tamper(EXPIRE, hold=hold.id)

    again = await world.capture(hold.id)
    assert replace(again, expires_at=hold.expires_at) == captured


async def test_a_hold_lasts_as_long_as_was_asked(world: World) -> None:
    """It expires that many seconds after it was placed, by the database's clock."""
    ada, bob = await world.open(holding=1000), await world.open()

    hold = await world.placed(ada, bob, 250, expires_in_s=90)

    assert hold.expires_at - hold.created_at == timedelta(seconds=90)


async def test_an_unknown_hold_is_not_captured(world: World) -> None:
    """There is nothing to capture, and the id stays free."""
    ada, bob, hold_id = await world.open(holding=100), await world.open(), new_id()

    with pytest.raises(HoldNotFound):
        await world.capture(hold_id)

    assert not isinstance(await world.hold(ada, bob, 100, id=hold_id), Refusal)
