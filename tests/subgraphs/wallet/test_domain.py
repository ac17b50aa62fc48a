"""The decisions of the ledger, on their edges: no I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payflow.kernel.errors import InvalidInput
from payflow.kernel.money import Money
from subgraphs.wallet import commands, domain
from subgraphs.wallet.commands import AMOUNT_MAX, HOLD_SECONDS_MAX, Deposit, PlaceHold
from subgraphs.wallet.domain import (
    BALANCE_MAX,
    TRANSITIONS,
    EntryKind,
    Hold,
    HoldStatus,
    Journal,
    JournalKind,
    Line,
    Wallet,
)
from subgraphs.wallet.errors import (
    BalanceTooLarge,
    CurrencyMismatch,
    HoldCaptured,
    HoldExpired,
    HoldReleased,
    InsufficientFunds,
    SameWallet,
    WalletNotFound,
)

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ADA = Wallet(uuid4(), uuid4(), "USD", posted=1000, held=400, created_at=NOW)
BOB = Wallet(uuid4(), uuid4(), "USD", posted=0, held=0, created_at=NOW)
EUROS = replace(BOB, id=uuid4(), currency="EUR")
HOLD = Hold(
    id=uuid4(),
    wallet_id=ADA.id,
    payee_id=BOB.id,
    transfer_id=uuid4(),
    amount=Money(250, "USD"),
    captured=0,
    released=0,
    expires_at=NOW + timedelta(hours=1),
    created_at=NOW,
)
CAPTURED, RELEASED = replace(HOLD, captured=250), replace(HOLD, released=250)


def asking(amount: int, *, payee: Wallet = BOB, currency: str = "USD") -> PlaceHold:
    return PlaceHold(
        id=HOLD.id,
        from_wallet_id=ADA.id,
        to_wallet_id=payee.id,
        amount=Money(amount, currency),
        transfer_id=HOLD.transfer_id,
        expires_in_s=3600,
    )


def test_total_is_available_and_held() -> None:
    """A balance's parts always sum up."""
    assert ADA.total == ADA.available + ADA.on_hold == Money(1000, "USD")


def test_every_transition_is_decided() -> None:
    """Each status answers each command, and both ends are final."""
    assert set(TRANSITIONS) == set(product(HoldStatus, ("capture", "release")))
    assert all(
        after in (status, HoldReleased, HoldCaptured)
        for (status, _), after in TRANSITIONS.items()
        if status is not HoldStatus.OPEN
    )


def test_a_hold_is_captured_once() -> None:
    """An open hold moves all it holds, a captured one nothing more."""
    assert domain.decide_capture(HOLD, NOW) == 250
    assert domain.decide_capture(CAPTURED, NOW) == 0


def test_a_hold_is_released_once() -> None:
    """An open hold gives all back, expired or not; a released one nothing more."""
    assert domain.decide_release(HOLD) == 250
    assert domain.decide_release(RELEASED) == 0


def test_an_end_excludes_the_other() -> None:
    """What was captured is not released, what was released is not captured."""
    with pytest.raises(HoldReleased):
        domain.decide_capture(RELEASED, NOW)
    with pytest.raises(HoldCaptured):
        domain.decide_release(CAPTURED)


def test_expiry_is_exclusive_and_stops_only_open_holds() -> None:
    """Until the instant of expiry a hold can be captured, from it on no more; what was captured before stays so."""
    moment = timedelta(microseconds=1)

    assert domain.decide_capture(HOLD, HOLD.expires_at - moment) == 250
    with pytest.raises(HoldExpired):
        domain.decide_capture(HOLD, HOLD.expires_at)
    assert domain.decide_capture(CAPTURED, HOLD.expires_at + moment) == 0


def test_a_hold_may_take_the_last_cent_and_no_more() -> None:
    """The bound is what is available, not what is in the wallet."""
    assert domain.decide_hold(asking(600), payer=ADA, payee=BOB) is None

    refusal = domain.decide_hold(asking(601), payer=ADA, payee=BOB)

    assert isinstance(refusal, InsufficientFunds)
    assert (refusal.available, refusal.requested) == (Money(600, "USD"), Money(601, "USD"))
    assert refusal.message == "$6.01 is more than the $6.00 that is available."


def test_reasons_have_an_order() -> None:
    """Where a hold has several faults, the refusal is always the same one."""
    assert isinstance(domain.decide_hold(asking(9999, payee=ADA), payer=None, payee=None), SameWallet)
    assert isinstance(domain.decide_hold(asking(9999), payer=ADA, payee=None), WalletNotFound)
    assert isinstance(domain.decide_hold(asking(9999), payer=None, payee=BOB), WalletNotFound)
    assert isinstance(domain.decide_hold(asking(9999, currency="EUR"), payer=ADA, payee=BOB), CurrencyMismatch)
    assert isinstance(domain.decide_hold(asking(9999), payer=ADA, payee=EUROS), InsufficientFunds)
    assert isinstance(domain.decide_hold(asking(1), payer=ADA, payee=EUROS), CurrencyMismatch)
    full = replace(BOB, posted=BALANCE_MAX)
    assert isinstance(domain.decide_hold(asking(1), payer=ADA, payee=full), BalanceTooLarge)


def test_only_the_owner_deposits() -> None:
    """To somebody else a wallet does not exist; a credit asks for no owner."""
    amount = Money(1, "USD")

    assert domain.decide_pay_in(ADA, amount, owner_id=ADA.owner_id) is None
    assert isinstance(domain.decide_pay_in(ADA, amount, owner_id=BOB.owner_id), WalletNotFound)
    assert isinstance(domain.decide_pay_in(None, amount), WalletNotFound)
    assert domain.decide_pay_in(ADA, amount) is None


def test_a_wallet_has_a_brim() -> None:
    """A balance stays far below what a JSON reader would round."""
    nearly_full = replace(ADA, posted=BALANCE_MAX - 1)

    assert domain.decide_pay_in(nearly_full, Money(1, "USD")) is None
    assert isinstance(domain.decide_pay_in(nearly_full, Money(2, "USD")), BalanceTooLarge)


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1])
def test_amounts_have_bounds(amount: int) -> None:
    """Nothing, less than nothing, and more than the most are refused by the field's name."""
    with pytest.raises(InvalidInput) as refusal:
        commands.check_amount(Money(amount, "USD"))

    assert refusal.value.field == "amount"


def test_the_bounds_themselves_are_allowed() -> None:
    """The least and the most pass."""
    commands.check_amount(Money(1, "USD"))
    commands.check_amount(Money(AMOUNT_MAX, "USD"))
    commands.check_expiry(1)
    commands.check_expiry(HOLD_SECONDS_MAX)
    commands.check_key("k" * 64)


@pytest.mark.parametrize("seconds", [0, -1, HOLD_SECONDS_MAX + 1])
def test_expiries_have_bounds(seconds: int) -> None:
    """A hold lasts at least a second and at most a week."""
    with pytest.raises(InvalidInput) as refusal:
        commands.check_expiry(seconds)

    assert refusal.value.field == "expiresInSeconds"


@pytest.mark.parametrize("key", ["", "k" * 65, "nul\x00"])
def test_keys_have_a_form(key: str) -> None:
    """A key that the database could not keep is refused by the field's name."""
    with pytest.raises(InvalidInput) as refusal:
        commands.check_key(key)

    assert refusal.value.field == "idempotencyKey"


@pytest.mark.parametrize("currency", ["ZZZ", "DEM", "usd"])
def test_currencies_are_in_use(currency: str) -> None:
    """Unknown, withdrawn and lower-case codes are refused."""
    with pytest.raises(InvalidInput, match="ISO 4217"):
        commands.check_currency(currency, input_field="currency")


@given(amount=st.integers(1, AMOUNT_MAX))
def test_every_journal_balances(amount: int) -> None:
    """What one account loses another gains; holding and releasing move nothing."""
    money = Money(amount, "USD")
    hold = replace(HOLD, amount=money)
    journals = [
        domain.pay_in(ADA.id, uuid4(), money, kind=JournalKind.DEPOSIT, transfer_id=None),
        domain.placing(hold),
        domain.capturing(hold, amount),
        domain.releasing(hold, amount),
    ]

    assert [sum(line.posted for line in journal.lines) for journal in journals] == [0, 0, 0, 0]
    held = [sum(line.held for line in journal.lines) for journal in journals]
    assert held == [0, amount, -amount, -amount]


def test_an_unbalanced_journal_cannot_be_made() -> None:
    """A journal whose lines do not sum to zero is an error of ours, found before any database is asked."""
    with pytest.raises(AssertionError, match="does not balance"):
        Journal(JournalKind.DEPOSIT, Money(1, "USD"), (Line(ADA.id, posted=1),))


def test_how_entries_read() -> None:
    """A capture is money out for the one and money in for the other."""
    assert domain.entry_kind(JournalKind.CAPTURE, -5) is EntryKind.TRANSFER_OUT
    assert domain.entry_kind(JournalKind.CAPTURE, 5) is EntryKind.TRANSFER_IN
    assert domain.entry_kind(JournalKind.DEPOSIT, 5) is EntryKind.DEPOSIT
    assert domain.entry_kind(JournalKind.REWARD, 5) is EntryKind.REWARD


def test_a_key_belongs_to_one_person_and_one_input() -> None:
    """Two people may choose the same key; every part of the input counts towards its fingerprint."""
    deposit = Deposit(ADA.owner_id, ADA.id, Money(100, "USD"), "key")
    others: list[dict[str, object]] = [
        {"wallet_id": BOB.id},
        {"amount": Money(101, "USD")},
        {"amount": Money(100, "EUR")},
    ]

    assert replace(deposit, owner_id=BOB.owner_id).claim.scope != deposit.claim.scope
    assert replace(deposit).claim == deposit.claim
    assert len({replace(deposit, **other).claim.fingerprint for other in [{}, *others]}) == 4  # type: ignore[arg-type]  # each is a field


def test_a_holds_key_covers_its_whole_input() -> None:
    """Any other input under a hold's id is another command."""
    command = asking(100)
    changes: list[dict[str, object]] = [
        {},
        {"from_wallet_id": UUID(int=1)},
        {"to_wallet_id": UUID(int=1)},
        {"amount": Money(99, "USD")},
        {"transfer_id": UUID(int=1)},
        {"expires_in_s": 1},
    ]

    assert len({replace(command, **change).claim.fingerprint for change in changes}) == len(changes)  # type: ignore[arg-type]  # each is a field


def test_a_replayed_hold_is_as_it_was_placed() -> None:
    """What became of a hold later is no part of the answer to its placing."""
    assert CAPTURED.as_placed() == RELEASED.as_placed() == HOLD
