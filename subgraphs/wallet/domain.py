"""Wallets, holds, journals and decisions: pure, no I/O.

A hold's life: it is placed OPEN, which takes its amount out of the payer's available balance; captured, the money is the payee's;
released, it is the payer's again. Both ends are final, and reaching one's own end twice is a repeat, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Self
from uuid import UUID

from payflow.kernel.errors import Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet.commands import PlaceHold, Purpose, WalletStatus
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

# What a wallet may be filled to. Far below 2^53-1, what a client reads exactly, since holds that are under way land on top of it.
BALANCE_MAX = 4 * 10**15


class AccountKind(StrEnum):
    """A user's wallet, or a system account: the counterpart that makes every movement balance."""

    USER = "USER"
    EXTERNAL = "EXTERNAL"  # the world outside, e.g. the bank that a deposit comes from
    REWARDS = "REWARDS"  # the fund that rewards are paid from


class JournalKind(StrEnum):
    DEPOSIT = "DEPOSIT"
    HOLD = "HOLD"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    REWARD = "REWARD"


class EntryKind(Enum):
    """What a line of a statement tells its reader."""

    DEPOSIT = "DEPOSIT"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    REWARD = "REWARD"


class HoldStatus(Enum):
    OPEN = "OPEN"
    CAPTURED = "CAPTURED"
    RELEASED = "RELEASED"


# (status, command) → the next status, or the refusal. A command that finds its own end reached is a repeat.
TRANSITIONS: dict[tuple[HoldStatus, str], HoldStatus | type[Refusal]] = {
    (HoldStatus.OPEN, "capture"): HoldStatus.CAPTURED,
    (HoldStatus.OPEN, "release"): HoldStatus.RELEASED,
    (HoldStatus.CAPTURED, "capture"): HoldStatus.CAPTURED,
    (HoldStatus.CAPTURED, "release"): HoldCaptured,
    (HoldStatus.RELEASED, "capture"): HoldReleased,
    (HoldStatus.RELEASED, "release"): HoldStatus.RELEASED,
}


@dataclass(frozen=True, slots=True)
class Wallet:
    """A user's account in one currency. `posted` is all that is in it, `held` the part set aside by open holds; minor units."""

    id: UUID
    owner_id: UUID
    currency: str
    posted: int
    held: int
    created_at: datetime
    status: WalletStatus = WalletStatus.OPEN

    @property
    def total(self) -> Money:
        return Money(self.posted, self.currency)

    @property
    def on_hold(self) -> Money:
        return Money(self.held, self.currency)

    @property
    def available(self) -> Money:
        return Money(self.posted - self.held, self.currency)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a wallet's statement. `seq` counts every change of the account, holds included, so a statement skips some."""

    wallet_id: UUID
    seq: int
    kind: EntryKind
    amount: Money
    balance_after: Money
    transfer_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Money of the wallet that is set aside for the payee."""

    id: UUID
    wallet_id: UUID
    payee_id: UUID
    transfer_id: UUID
    amount: Money
    captured: int
    released: int
    expires_at: datetime
    created_at: datetime
    purpose: Purpose = Purpose.TRANSFER
    expired: bool = False  # the sweeper gave it back

    @property
    def remaining(self) -> int:
        return self.amount.amount - self.captured - self.released

    @property
    def status(self) -> HoldStatus:
        if self.remaining:
            return HoldStatus.OPEN
        return HoldStatus.CAPTURED if self.captured else HoldStatus.RELEASED

    def as_placed(self) -> Self:
        """The hold as its placing answered it, whatever became of it since."""
        return replace(self, captured=0, released=0)


@dataclass(frozen=True, slots=True)
class Line:
    """What a journal does to one account, in minor units."""

    account_id: UUID
    posted: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """A movement: its lines' posted sum to zero, or it cannot be made."""

    kind: JournalKind
    amount: Money
    lines: tuple[Line, ...]
    transfer_id: UUID | None = None
    id: UUID = field(default_factory=new_id)

    def __post_init__(self) -> None:
        assert sum(line.posted for line in self.lines) == 0, f"{self.kind} does not balance"


def decide_pay_in(wallet: Wallet | None, amount: Money, *, owner_id: UUID | None = None) -> Refusal | None:
    """Why the wallet cannot take the amount, or None where it can. With `owner_id` it must be that person's."""
    if wallet is None or (owner_id is not None and wallet.owner_id != owner_id):
        return WalletNotFound()
    return _does_not_fit(wallet, amount)


def decide_hold(command: PlaceHold, *, payer: Wallet | None, payee: Wallet | None) -> Refusal | None:
    """Why the hold cannot be placed, or None where it can. The order of the reasons is fixed."""
    if command.from_wallet_id == command.to_wallet_id:
        return SameWallet()
    if payer is None or payee is None:
        return WalletNotFound()
    if payer.currency != command.amount.currency:
        return CurrencyMismatch(wallet=payer.currency, amount=command.amount.currency)
    if payer.available < command.amount:
        return InsufficientFunds(available=payer.available, requested=command.amount)
    return _does_not_fit(payee, command.amount)


def decide_capture(hold: Hold, now: datetime) -> int:
    """How much to move to the payee: nothing where it was moved before. Raises HoldReleased, HoldExpired."""
    _check_transition(hold, "capture")
    if hold.remaining and now >= hold.expires_at:
        raise HoldExpired
    return hold.remaining


def decide_release(hold: Hold) -> int:
    """How much to give back: nothing where it was given back before. Raises HoldCaptured."""
    _check_transition(hold, "release")
    return hold.remaining


def pay_in(wallet_id: UUID, source_id: UUID, amount: Money, *, kind: JournalKind, transfer_id: UUID | None) -> Journal:
    """From a system account into a wallet."""
    lines = Line(source_id, posted=-amount.amount), Line(wallet_id, posted=amount.amount)
    return Journal(kind, amount, lines, transfer_id)


def placing(hold: Hold) -> Journal:
    """Sets the money aside; it stays the payer's."""
    return Journal(JournalKind.HOLD, hold.amount, (Line(hold.wallet_id, held=hold.amount.amount),), hold.transfer_id)


def capturing(hold: Hold, amount: int) -> Journal:
    """Moves held money to the payee."""
    lines = Line(hold.wallet_id, posted=-amount, held=-amount), Line(hold.payee_id, posted=amount)
    return Journal(JournalKind.CAPTURE, Money(amount, hold.amount.currency), lines, hold.transfer_id)


def releasing(hold: Hold, amount: int) -> Journal:
    """Makes held money available again."""
    lines = (Line(hold.wallet_id, held=-amount),)
    return Journal(JournalKind.RELEASE, Money(amount, hold.amount.currency), lines, hold.transfer_id)


def entry_kind(journal: JournalKind, delta_posted: int) -> EntryKind:
    """How a journal's line reads on the statement of the account that it changed by `delta_posted`."""
    if journal is JournalKind.CAPTURE:
        return EntryKind.TRANSFER_IN if delta_posted > 0 else EntryKind.TRANSFER_OUT
    return EntryKind[journal.name]


def _does_not_fit(wallet: Wallet, amount: Money) -> Refusal | None:
    if wallet.currency != amount.currency:
        return CurrencyMismatch(wallet=wallet.currency, amount=amount.currency)
    if wallet.posted + amount.amount > BALANCE_MAX:
        return BalanceTooLarge()
    return None


def _check_transition(hold: Hold, command: str) -> None:
    outcome = TRANSITIONS[hold.status, command]
    if not isinstance(outcome, HoldStatus):
        raise outcome
