"""The decisions of the ledger, on their edges: no I/O."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from payflow.kernel.errors import InvalidInput
from payflow.kernel.money import Money
from subgraphs.wallet import commands, domain, ledger
from subgraphs.wallet.commands import AMOUNT_MAX, HOLD_SECONDS_MAX, Deposit, PlaceHold, Purpose
from subgraphs.wallet.domain import (
    EntryKind,
    Hold,
    HoldStatus,
    JournalKind,
    Wallet,
)
from subgraphs.wallet.outcomes import REFUSALS

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


def test_total_is_available_and_held() -> None:
    """A balance's parts always sum up."""
    assert ADA.total == ADA.available + ADA.on_hold == Money(1000, "USD")


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


def test_how_entries_read() -> None:
    """A capture is money out for the one and money in for the other."""
    assert domain.entry_kind(JournalKind.CAPTURE, -5) is EntryKind.TRANSFER_OUT
    assert domain.entry_kind(JournalKind.CAPTURE, 5) is EntryKind.TRANSFER_IN
    assert domain.entry_kind(JournalKind.DEPOSIT, 5) is EntryKind.DEPOSIT
    assert domain.entry_kind(JournalKind.REWARD, 5) is EntryKind.REWARD
    assert domain.entry_kind(JournalKind.REFUND, 5) is EntryKind.REFUND_IN
    assert domain.entry_kind(JournalKind.REFUND, -5) is EntryKind.REFUND_OUT
    assert domain.entry_kind(JournalKind.REVERSAL, -5) is EntryKind.REVERSAL


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
    command = PlaceHold(
        id=HOLD.id,
        payer_id=ADA.owner_id,
        from_wallet_id=ADA.id,
        to_wallet_id=BOB.id,
        amount=Money(100, "USD"),
        transfer_id=HOLD.transfer_id,
        expires_in_s=3600,
    )
    changes: list[dict[str, object]] = [
        {},
        {"from_wallet_id": UUID(int=1)},
        {"to_wallet_id": UUID(int=1)},
        {"amount": Money(99, "USD")},
        {"transfer_id": UUID(int=1)},
        {"expires_in_s": 1},
        {"payer_id": UUID(int=1)},
        {"purpose": Purpose.REFUND},
    ]

    assert len({replace(command, **change).claim.fingerprint for change in changes}) == len(changes)  # type: ignore[arg-type]  # each is a field


@pytest.mark.parametrize(
    ("captured", "released", "expired", "status"),
    [
        (0, 0, False, HoldStatus.OPEN),
        (249, 0, False, HoldStatus.OPEN),
        (250, 0, False, HoldStatus.CAPTURED),
        (1, 249, False, HoldStatus.CAPTURED),
        (1, 249, True, HoldStatus.CAPTURED),
        (0, 250, False, HoldStatus.RELEASED),
        (0, 250, True, HoldStatus.EXPIRED),
    ],
)
def test_the_status_of_a_hold(captured: int, released: int, expired: bool, status: HoldStatus) -> None:
    """OPEN while something remains; then what was captured counts more than who gave the rest back."""
    hold = replace(HOLD, captured=captured, released=released, expired=expired)

    assert (hold.status, hold.remaining) == (status, 250 - captured - released)


def test_every_status_that_refuses_is_told() -> None:
    """Each of the statuses that the posting function may answer has its refusal, and no other has."""
    folder = Path(ledger.__file__).parent / "migrations" / "sql"
    code = "".join((folder / name).read_text() for name in ("0002_decisions.sql", "0002_posting.sql"))
    told = set(re.findall(r"'([A-Z]+(?:_[A-Z]+)+)'", code)) - {"REWARD_CLAWBACK"}

    assert told == set(REFUSALS)
