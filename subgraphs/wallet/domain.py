"""Wallets, holds and the lines of statements, as they are told. What may happen to them the database decides (migrations/sql).

A hold's life: it is placed OPEN, which takes its amount out of the payer's available balance; captured, in one or several parts, the
money is the payee's; released, by whoever asked or by the sweeper once it has expired, it is the payer's again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from uuid import UUID

from payflow.kernel.money import Money
from subgraphs.wallet.commands import Purpose, WalletStatus

# What a wallet may be filled to. Far below 2^53-1, what a client reads exactly, since holds that are under way land on top of it.
BALANCE_MAX = 4 * 10**15


class AccountKind(StrEnum):
    """A user's wallet, a campaign's fund, or a system account: the counterpart that makes every movement balance."""

    USER = "USER"
    EXTERNAL = "EXTERNAL"  # the world outside, e.g. the bank that a deposit comes from
    REWARDS = "REWARDS"  # what rewards were paid from before campaigns had funds
    CAMPAIGN = (
        "CAMPAIGN"  # the fund of one campaign, which is called as the campaign is; it has a floor as a wallet has
    )


class JournalKind(StrEnum):
    """HOLD, RELEASE and EXPIRY move only between available and held."""

    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    HOLD = "HOLD"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    EXPIRY = "EXPIRY"
    REFUND = "REFUND"  # the capture of a hold whose purpose that is
    REWARD = "REWARD"
    REWARD_CLAWBACK = "REWARD_CLAWBACK"
    REVERSAL = "REVERSAL"
    FUNDING = "FUNDING"  # from the world outside into a campaign's fund
    DEFUNDING = "DEFUNDING"  # and back


class EntryKind(Enum):
    """What a line of a statement tells its reader."""

    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    REFUND_IN = "REFUND_IN"
    REFUND_OUT = "REFUND_OUT"
    REWARD = "REWARD"
    REWARD_CLAWBACK = "REWARD_CLAWBACK"
    REVERSAL = "REVERSAL"


class HoldStatus(Enum):
    OPEN = "OPEN"
    CAPTURED = "CAPTURED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


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
        if self.captured:
            return HoldStatus.CAPTURED
        return HoldStatus.EXPIRED if self.expired else HoldStatus.RELEASED


# Which lines read by the side that they are on: (money in, money out).
_BY_SIDE = {
    JournalKind.CAPTURE: (EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT),
    JournalKind.REFUND: (EntryKind.REFUND_IN, EntryKind.REFUND_OUT),
}


def entry_kind(journal: JournalKind, delta_posted: int) -> EntryKind:
    """How a journal's line reads on the statement of the account that it changed by `delta_posted`."""
    if journal in _BY_SIDE:
        came_in, went_out = _BY_SIDE[journal]
        return came_in if delta_posted > 0 else went_out
    return EntryKind[journal.name]
