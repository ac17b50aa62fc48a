"""What the posting function decides beyond a plain transfer: partial captures, expiry, statuses, withdrawals, reversals, replays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from payflow.kernel.errors import DependencyUnavailable, IdempotencyConflict, InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import ledger as ledgers
from subgraphs.wallet.commands import Purpose, WalletStatus
from subgraphs.wallet.domain import Entry, EntryKind, Hold, HoldStatus, Wallet
from subgraphs.wallet.errors import (
    AlreadyReversed,
    CaptureExceedsHold,
    CurrencyMismatch,
    HoldCaptured,
    HoldExpired,
    HoldNotFound,
    HoldReleased,
    InsufficientFunds,
    JournalNotFound,
    RequestTooOld,
    WalletClosed,
    WalletFrozen,
    WalletNotEmpty,
    WalletNotFound,
)
from tests.subgraphs.wallet.world import World, same

EXPIRE = "UPDATE hold SET expires_at = clock_timestamp() WHERE id = :hold"


async def scene(world: World) -> tuple[Wallet, Wallet, Hold]:
    """A wallet with 1000, of which 250 are held for an empty one."""
    ada, bob = await world.open(holding=1000), await world.open()
    return ada, bob, await world.placed(ada, bob, 250)


async def stands(world: World, wallet: Wallet) -> tuple[int, int]:
    """(available, held)"""
    now = await world.now(wallet)
    return now.available.amount, now.held


# ── captures in part ──


async def test_a_final_capture_gives_the_rest_back(world: World) -> None:
    """A part goes to the payee, the rest to the payer, in one journal."""
    ada, bob, hold = await scene(world)

    captured = await world.capture(hold.id, Money(100, "USD"))

    assert (captured.status, captured.captured, captured.released) == (HoldStatus.CAPTURED, 100, 150)
    assert (await stands(world, ada), await stands(world, bob)) == ((900, 0), (100, 0))
    with pytest.raises(HoldCaptured):
        await world.capture(hold.id, key="another")
    await world.assert_true()


async def test_several_captures_add_up(world: World) -> None:
    """Captures that are not final leave the rest on hold; the last takes what is left, and parts make the same as the whole."""
    ada, bob, hold = await scene(world)

    first = await world.capture(hold.id, Money(100, "USD"), final=False, key="one")
    second = await world.capture(hold.id, Money(50, "USD"), final=False, key="two")
    assert (first.status, first.remaining, second.remaining) == (HoldStatus.OPEN, 150, 100)
    assert (await stands(world, ada), await stands(world, bob)) == ((750, 100), (150, 0))
    last = await world.capture(hold.id)

    assert (last.status, last.captured, last.released) == (HoldStatus.CAPTURED, 250, 0)
    assert (await stands(world, ada), await stands(world, bob)) == ((750, 0), (250, 0))
    assert await world.capture(hold.id, Money(100, "USD"), final=False, key="one") == first
    with pytest.raises(IdempotencyConflict):
        await world.capture(hold.id, Money(101, "USD"), final=False, key="one")
    await world.assert_true()


async def test_no_more_is_captured_than_is_held(world: World) -> None:
    """The refusal says what is left, is remembered, and takes nothing; another currency is refused, too."""
    ada, _, hold = await scene(world)

    for _ in range(2):
        with pytest.raises(CaptureExceedsHold) as refusal:
            await world.capture(hold.id, Money(251, "USD"), key="too much")
        assert (refusal.value.remaining, refusal.value.requested) == (Money(250, "USD"), Money(251, "USD"))
    with pytest.raises(CurrencyMismatch):
        await world.capture(hold.id, Money(1, "EUR"), key="euros")
    assert await stands(world, ada) == (750, 250)


async def test_a_rest_is_released(world: World) -> None:
    """What a capture left on hold goes back; the repeat says the same; the hold stays captured."""
    ada, _, hold = await scene(world)
    await world.capture(hold.id, Money(100, "USD"), final=False, key="part")

    released = await world.release(hold.id)

    assert isinstance(released, Hold)
    assert (released.status, released.captured, released.released) == (HoldStatus.CAPTURED, 100, 150)
    assert await world.release(hold.id) == released
    assert await stands(world, ada) == (900, 0)


async def test_a_refund_reads_as_one(world: World) -> None:
    """The capture of a hold whose purpose is a refund is one on both statements."""
    ada, bob = await world.open(holding=100), await world.open(holding=40)
    payment = await world.placed(bob, ada, 40)
    await world.capture(payment.id)
    hold = await world.hold(ada, bob, 40, transfer_id=payment.transfer_id, purpose=Purpose.REFUND)
    assert isinstance(hold, Hold)

    assert (await world.capture(hold.id)).purpose is Purpose.REFUND

    assert (await world.statement(ada))[0].kind is EntryKind.REFUND_OUT
    assert (await world.statement(bob))[0].kind is EntryKind.REFUND_IN


async def test_only_the_payer_pays(world: World) -> None:
    """A hold on a wallet that is not the payer's is refused as if there were no such wallet."""
    ada, bob = await world.open(holding=100), await world.open()

    assert isinstance(await world.hold(ada, bob, 10, payer_id=bob.owner_id), WalletNotFound)


# ── expiry ──


@pytest.mark.parametrize("swept", [False, True])
async def test_a_late_capture_is_late_with_the_sweeper_or_without(world: World, swept: bool) -> None:
    """Past its time a hold has expired, whether the sweeper has been there or not."""
    ada, bob, hold = await scene(world)
    await world.tamper(EXPIRE, hold=hold.id)
    if swept:
        assert (await world.sweep(hold.id)).status is HoldStatus.EXPIRED

    for _ in range(2):
        with pytest.raises(HoldExpired):
            await world.capture(hold.id)
    with pytest.raises(HoldExpired):
        await world.extend(hold.id, 60)

    assert (await stands(world, ada), await stands(world, bob)) == ((1000, 0) if swept else (750, 250), (0, 0))
    assert isinstance(await world.release(hold.id), Hold)
    assert await stands(world, ada) == (1000, 0)
    await world.assert_true()


async def test_the_sweeper_takes_only_what_is_past_its_time(world: World) -> None:
    """A hold that was extended meanwhile is answered as it stands; what is done is left alone; what never was is not found."""
    ada, _, hold = await scene(world)

    assert (await world.sweep(hold.id)).status is HoldStatus.OPEN
    assert await stands(world, ada) == (750, 250)

    await world.tamper(EXPIRE, hold=hold.id)
    first = await world.sweep(hold.id)
    assert (first, first.expired) == (await world.sweep(hold.id), True)
    with pytest.raises(HoldNotFound):
        await world.sweep(new_id())


async def test_an_extension_never_shortens(world: World) -> None:
    """It moves the end to that long from now, or leaves it where it is; ended holds and unknown ones are refused."""
    ada, bob, hold = await scene(world)

    longer = await world.extend(hold.id, 7200)
    assert longer.expires_at > hold.expires_at
    assert (await world.extend(hold.id, 1)).expires_at == longer.expires_at
    with pytest.raises(InvalidInput, match="expiresInSeconds"):
        await world.extend(hold.id, 0)
    with pytest.raises(HoldNotFound):
        await world.extend(new_id(), 60)
    await world.capture(hold.id)
    with pytest.raises(HoldCaptured):
        await world.extend(hold.id, 60)
    other = await world.placed(ada, bob, 10)
    await world.release(other.id)
    with pytest.raises(HoldReleased):
        await world.extend(other.id, 60)


# ── out of a wallet ──


async def test_a_withdrawal(world: World) -> None:
    """Money leaves up to what is available; what is held stays."""
    ada, _, _ = await scene(world)

    entry = await world.withdraw(ada, 750, key="all")

    assert (entry.kind, entry.amount, entry.balance_after) == (
        EntryKind.WITHDRAWAL,
        Money(-750, "USD"),
        Money(250, "USD"),
    )
    assert await world.withdraw(ada, 750, key="all") == entry == (await world.statement(ada))[0]
    with pytest.raises(InsufficientFunds) as refusal:
        await world.withdraw(ada, 1)
    assert refusal.value.available == Money(0, "USD")
    with pytest.raises(WalletNotFound):
        await world.withdraw(ada, 1, owner_id=uuid4())
    await world.assert_true()


async def test_a_reward_is_clawed_back(world: World) -> None:
    """A debit goes back to the fund, as far as there is money."""
    ada = await world.open()
    await world.credit(ada, 25)

    entry = await world.debit(ada, 20, key="back")

    assert (entry.kind, entry.amount) == (EntryKind.REWARD_CLAWBACK, Money(-20, "USD"))
    assert await world.debit(ada, 20, key="back") == entry
    with pytest.raises(InsufficientFunds):
        await world.debit(ada, 6)
    await world.assert_true()


# ── frozen and closed ──


async def test_a_frozen_wallet(world: World) -> None:
    """Nothing leaves by a new command; money comes in, and a hold placed before is captured or released."""
    ada, bob, hold = await scene(world)
    other = await world.placed(ada, bob, 50)
    frozen = await world.become(ada, WalletStatus.FROZEN)
    assert frozen.status is WalletStatus.FROZEN

    assert isinstance(await world.hold(ada, bob, 1), WalletFrozen)
    for leaving in (world.withdraw, world.debit):
        with pytest.raises(WalletFrozen):
            await leaving(ada, 1)
    assert isinstance(await world.deposit(ada, 5), Entry)
    assert isinstance(await world.hold(bob, ada, 1), InsufficientFunds)
    assert (await world.capture(hold.id)).status is HoldStatus.CAPTURED
    assert isinstance(await world.release(other.id), Hold)

    assert (await world.become(ada, WalletStatus.OPEN)).status is WalletStatus.OPEN
    assert isinstance(await world.hold(ada, bob, 1), Hold)
    await world.assert_true()


async def test_a_closed_wallet(world: World) -> None:
    """Only an empty wallet closes, for ever; then money moves neither in nor out, and a capture for it has a definite answer."""
    ada, bob, hold = await scene(world)
    with pytest.raises(WalletNotEmpty):
        await world.become(ada, WalletStatus.CLOSED)
    with pytest.raises(WalletNotFound):
        await world.become(bob, WalletStatus.CLOSED, owner_id=ada.owner_id)

    closed = await world.become(bob, WalletStatus.CLOSED, owner_id=bob.owner_id)

    assert await world.become(bob, WalletStatus.CLOSED) == closed == await world.now(bob)
    with pytest.raises(WalletClosed):
        await world.become(bob, WalletStatus.OPEN)
    with pytest.raises(WalletClosed):
        await world.capture(hold.id)
    assert await stands(world, ada) == (750, 250)
    assert isinstance(await world.release(hold.id), Hold)
    for refused in (world.deposit(bob, 1), world.credit(bob, 1), world.hold(ada, bob, 1), world.hold(bob, ada, 1)):
        assert isinstance(await refused, WalletClosed)
    with pytest.raises(WalletClosed):
        await world.withdraw(bob, 1)
    await world.assert_true()


async def test_changes_of_status_are_written_down(world: World) -> None:
    """Who, why, from what to what; a change to what stands already is none."""
    ada = await world.open()
    for status in (WalletStatus.FROZEN, WalletStatus.FROZEN, WalletStatus.OPEN):
        await world.become(ada, status)

    query = text(
        "SELECT from_status, to_status, actor, reason FROM account_status_change WHERE account_id = :id ORDER BY at"
    )
    async with world.database.read() as connection:
        rows = [tuple(row) for row in await connection.execute(query, {"id": ada.id})]
    assert rows == [("OPEN", "FROZEN", "operator", "asked to"), ("FROZEN", "OPEN", "operator", "asked to")]


# ── reversals ──


async def test_a_journal_is_reversed_once(world: World) -> None:
    """By its exact inverse, which can be reversed itself; a second reversal is refused, and the first one's repeat is not."""
    ada, bob, hold = await scene(world)
    await world.capture(hold.id)
    captured = await world.journal_of(bob)

    reversal = await world.reverse(captured, key=hold.id.hex)

    assert (await stands(world, ada), await stands(world, bob)) == ((1000, 0), (0, 0))
    assert {(await world.statement(wallet))[0].kind for wallet in (ada, bob)} == {EntryKind.REVERSAL}
    assert await world.reverse(captured, key=hold.id.hex) == reversal == await world.journal_of(bob)
    with pytest.raises(AlreadyReversed):
        await world.reverse(captured)
    await world.reverse(reversal)
    assert (await stands(world, ada), await stands(world, bob)) == ((750, 0), (250, 0))
    await world.assert_true()


async def test_a_reversal_breaks_no_floor(world: World) -> None:
    """Money that has been spent is not taken back; what only held money cannot be reversed, nor what never was."""
    ada, bob = await world.open(), await world.open()
    await world.deposit(ada, 100)
    deposited = await world.journal_of(ada)
    hold = await world.placed(ada, bob, 60)
    for held_only in (await world.journal_of(ada), new_id()):
        with pytest.raises(JournalNotFound):
            await world.reverse(held_only)

    with pytest.raises(InsufficientFunds) as refusal:
        await world.reverse(deposited, key=hold.id.hex)
    assert (refusal.value.available, refusal.value.requested) == (Money(40, "USD"), Money(100, "USD"))
    await world.release(hold.id)
    with pytest.raises(InsufficientFunds):
        await world.reverse(deposited, key=hold.id.hex)
    await world.reverse(deposited)
    assert await stands(world, ada) == (0, 0)
    await world.become(ada, WalletStatus.CLOSED)
    with pytest.raises(WalletClosed):
        await world.reverse(await world.journal_of(ada))
    await world.assert_true()


async def test_a_reversal_says_one_reason(world: World) -> None:
    """Where one side is closed and the other has spent the money, it is closed that counts, with nothing about the funds."""
    ada, bob = await world.open(holding=60), await world.open()
    await world.capture((await world.placed(ada, bob, 60)).id)
    paid = await world.journal_of(ada)
    await world.withdraw(bob, 60)
    await world.become(ada, WalletStatus.CLOSED)

    with pytest.raises(WalletClosed):
        await world.reverse(paid, key=(key := new_id().hex))

    remembered = text("SELECT outcome, result FROM idempotency WHERE scope = 'reverse' AND key = :key")
    async with world.database.read() as connection:
        assert tuple((await connection.execute(remembered, {"key": key})).one()) == ("WALLET_CLOSED", {})


# ── keys and time ──


async def test_every_replay_answers_the_first_result(world: World) -> None:
    """Whatever happened since, each kind of command repeated answers what it answered first, and moves nothing."""
    ada, bob = await world.open(holding=1000), await world.open(holding=1000)
    kept, part, gone = [await world.placed(ada, bob, 100) for _ in range(3)]
    commands: list[Callable[[], Awaitable[object]]] = [
        lambda: world.deposit(ada, 10, key="d"),
        lambda: world.withdraw(ada, 10, key="w"),
        lambda: world.credit(ada, 10, key=f"c-{ada.id.hex}"),
        lambda: world.debit(ada, 10, key=f"b-{ada.id.hex}"),
        lambda: world.hold(ada, bob, 100, id=kept.id),
        lambda: world.capture(part.id, Money(30, "USD"), final=False, key=f"p-{part.id.hex[:30]}"),
        lambda: world.release(gone.id),
        lambda: world.hold(ada, bob, 10**6, id=kept_refused),
    ]
    kept_refused = new_id()
    first = [await command() for command in commands]
    await world.deposit(ada, 10**7)
    await world.capture(kept.id)
    await world.release(part.id)
    await world.become(ada, WalletStatus.FROZEN)
    before = await world.all_now({"ada": ada, "bob": bob})

    again = [await command() for command in commands]

    assert all(same(*pair) for pair in zip(first, again, strict=True)), list(zip(first, again, strict=True))
    assert await world.all_now({"ada": ada, "bob": bob}) == before
    await world.assert_true()


@pytest.mark.parametrize("currency", ["JPY", "USD", "KWD", "CLF"])
async def test_minor_units_are_the_currencys(world: World, currency: str) -> None:
    """The ledger counts minor units, be there none, two, three or four digits of them."""
    ada, bob = await world.open(currency, holding=12345), await world.open(currency)

    hold = await world.placed(ada, bob, 12345)
    await world.capture(hold.id, Money(1, currency))

    assert ((await world.now(ada)).total, (await world.now(bob)).total) == (Money(12344, currency), Money(1, currency))
    await world.assert_true()


async def test_a_command_that_waited_too_long_has_no_effect(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told to come again, and its key is free; a repeat of what was done before is answered however old it is."""
    ada = await world.open()
    first = await world.deposit(ada, 5, key="before")

    with monkeypatch.context() as patch:
        patch.setattr(ledgers, "LIFE_S", -1.0)
        with pytest.raises(RequestTooOld):
            await world.deposit(ada, 100, key="late")
        assert await world.deposit(ada, 5, key="before") == first

    assert issubclass(RequestTooOld, DependencyUnavailable)
    assert isinstance(await world.deposit(ada, 100, key="late"), Entry)


async def test_a_refused_command_changes_nothing_but_its_key(world: World) -> None:
    """Accounts, journals, entries and holds are as before, to the byte."""
    ada, bob, hold = await scene(world)
    nobody = replace(bob, id=uuid4())

    async def books() -> list[object]:
        query = text(
            "SELECT (SELECT array_agg(account::text ORDER BY id) FROM account WHERE id IN (:ada, :bob)),"
            " (SELECT array_agg(entry::text ORDER BY seq) FROM entry WHERE account_id IN (:ada, :bob)),"
            " (SELECT array_agg(hold::text ORDER BY id) FROM hold WHERE account_id = :ada)"
        )
        async with world.database.read() as connection:
            return list((await connection.execute(query, {"ada": ada.id, "bob": bob.id})).one())

    before = await books()
    refusals: Counter[str] = Counter()
    for command in (
        world.hold(ada, ada, 1),
        world.hold(ada, nobody, 1),
        world.hold(ada, bob, 751),
        world.deposit(ada, 1, currency="EUR"),
        world.withdraw(ada, 751),
        world.capture(hold.id, Money(251, "USD"), key="x"),
        world.capture(new_id()),
        world.become(ada, WalletStatus.CLOSED),
        world.reverse(new_id()),
    ):
        try:
            outcome = await command
        except Refusal as refusal:
            outcome = refusal
        assert isinstance(outcome, Refusal), outcome
        refusals[type(outcome).__name__] += 1

    assert len(refusals) == 8
    assert await books() == before
