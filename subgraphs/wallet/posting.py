"""A command as the database's `posting`, and its answer as Python: the two composite types of the posting function, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Command,
    Credit,
    CreditSource,
    Debit,
    Deposit,
    ExtendHold,
    FundCampaign,
    PlaceHold,
    Purpose,
    ReleaseHold,
    Reverse,
    WalletStatus,
    Withdraw,
)
from subgraphs.wallet.domain import Hold, Wallet

POST = "SELECT number, status, replayed, ref, result FROM post($1::posting[]) ORDER BY number"

# Which movement pays from a source, and which back to it.
CREDITS = {CreditSource.REWARDS: "REWARD", CreditSource.CAMPAIGN: "GRANT"}
DEBITS = {CreditSource.REWARDS: "REWARD_CLAWBACK", CreditSource.CAMPAIGN: "CLAWBACK"}
_AGAINST_A_FUND = frozenset({"DEPOSIT", "WITHDRAWAL", *CREDITS.values(), *DEBITS.values()})
_OF_A_CAMPAIGN = frozenset({"GRANT", "CLAWBACK"})


class Posting(NamedTuple):
    """The fields of the database's type `posting`, in its order."""

    movement: str
    journal_id: UUID
    scope: str | None = None
    key: str | None = None
    fingerprint: bytes | None = None
    not_after: datetime | None = None
    wallet_id: UUID | None = None
    payee_id: UUID | None = None
    owner_id: UUID | None = None
    currency: str | None = None
    amount: int | None = None
    transfer_id: UUID | None = None
    hold_id: UUID | None = None
    purpose: str | None = None
    seconds: int | None = None
    final: bool | None = None
    reverses: UUID | None = None
    new_status: str | None = None
    actor: str | None = None
    reason: str | None = None

    @property
    def busiest(self) -> UUID | None:
        """The account that most others want, too; commands that agree on it had better go together."""
        return self.payee_id if self.movement in _OF_A_CAMPAIGN else self.wallet_id or self.hold_id


@dataclass(frozen=True, slots=True)
class PostedLine:
    """Where a posting left an account, in minor units."""

    account_id: UUID
    seq: int
    posted: int
    held: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to: its status, and what the database says about it. A repeat has the first run's words."""

    status: str
    replayed: bool
    ref: UUID | None
    result: dict[str, Any]

    @property
    def at(self) -> datetime:
        """When it was posted."""
        return datetime.fromisoformat(self.result["at"])

    @property
    def lines(self) -> list[PostedLine]:
        """One per account that moved."""
        return [
            PostedLine(UUID(line["account"]), line["seq"], line["posted"], line["held"])
            for line in self.result["lines"]
        ]

    def line_on(self, account_id: UUID) -> PostedLine:
        """The line on an account that moved."""
        return next(line for line in self.lines if line.account_id == account_id)

    @property
    def amount(self) -> int:
        """What a campaign got of what it wanted back."""
        return int(self.result["amount"])

    @property
    def hold(self) -> Hold:
        """The hold as the command left it."""
        said = self.result["hold"]
        return Hold(
            id=UUID(said["id"]),
            wallet_id=UUID(said["account_id"]),
            payee_id=UUID(said["payee_id"]),
            transfer_id=UUID(said["transfer_id"]),
            amount=Money(said["amount"], self.result["currency"]),
            captured=said["captured"],
            released=said["released"],
            expires_at=datetime.fromisoformat(said["expires_at"]),
            created_at=datetime.fromisoformat(said["created_at"]),
            purpose=Purpose(said["purpose"]),
            expired=said["expired"],
        )

    @property
    def wallet(self) -> Wallet:
        """The wallet as a change of its status left it."""
        said = self.result["wallet"]
        return Wallet(
            UUID(said["id"]),
            UUID(said["owner_id"]),
            said["currency"],
            said["posted"],
            said["held"],
            datetime.fromisoformat(said["created_at"]),
            WalletStatus(said["status"]),
        )

    @property
    def changed(self) -> set[UUID]:
        """The accounts that are other than before."""
        if self.replayed or self.status != "OK":
            return set()
        changed = {line.account_id for line in self.lines}
        if "hold" in self.result:
            changed.add(self.hold.wallet_id)
        if "wallet" in self.result:
            changed.add(self.wallet.id)
        return changed


def wallets_changed(posting: Posting, answer: Answer) -> set[UUID]:
    """The wallets that are other than before. A system account, which nobody watches, is among them only if a reversal moved it."""
    if posting.movement in _AGAINST_A_FUND:
        return {account_id for account_id in answer.changed if account_id == posting.wallet_id}
    return answer.changed


def posting_of(command: Command, *, not_after: datetime | None) -> Posting:
    """The command as the database takes it; its journal gets an id here, so that a retry writes the same."""
    posting = _movement_of(command)._replace(not_after=not_after)
    claim = command.claim
    if claim is None:
        return posting
    return posting._replace(scope=claim.scope, key=claim.key, fingerprint=claim.fingerprint)


def _movement_of(command: Command) -> Posting:
    match command:
        case Deposit():
            return _paid("DEPOSIT", command)
        case Withdraw():
            return _paid("WITHDRAWAL", command)
        case Credit():
            return _paid(CREDITS[command.source], command)
        case Debit():
            return _paid(DEBITS[command.source], command)
        case FundCampaign(campaign_id=fund, takes_back=back, actor=actor, reason=reason):
            movement = "DEFUNDING" if back else "FUNDING"
            return Posting(movement, new_id(), wallet_id=fund, actor=actor, reason=reason, **_money(command.amount))
        case PlaceHold():
            return _placed(command)
        case CaptureHold(hold_id=hold_id, amount=amount, final=final):
            return Posting("CAPTURE", new_id(), hold_id=hold_id, final=final, **_money(amount))
        case ReleaseHold(hold_id=hold_id, expired=expired):
            return Posting("EXPIRY" if expired else "RELEASE", new_id(), hold_id=hold_id)
        case ExtendHold(hold_id=hold_id, expires_in_s=seconds):
            return Posting("EXTENSION", new_id(), hold_id=hold_id, seconds=seconds)
        case Reverse(journal_id=reverses, actor=actor, reason=reason):
            return Posting("REVERSAL", new_id(), reverses=reverses, actor=actor, reason=reason)
        case ChangeStatus():
            return _status(command)


def _paid(movement: str, command: Deposit | Withdraw | Credit | Debit) -> Posting:
    return Posting(
        movement,
        new_id(),
        wallet_id=command.wallet_id,
        payee_id=None if isinstance(command, Deposit | Withdraw) else command.campaign_id,
        owner_id=command.owner_id if isinstance(command, Deposit | Withdraw) else None,
        transfer_id=None if isinstance(command, Deposit | Withdraw) else command.transfer_id,
        **_money(command.amount),
    )


def _placed(command: PlaceHold) -> Posting:
    return Posting(
        "HOLD",
        new_id(),
        wallet_id=command.from_wallet_id,
        payee_id=command.to_wallet_id,
        owner_id=command.payer_id,
        transfer_id=command.transfer_id,
        hold_id=command.id,
        purpose=command.purpose.value,
        seconds=command.expires_in_s,
        **_money(command.amount),
    )


def _status(command: ChangeStatus) -> Posting:
    return Posting(
        "STATUS",
        new_id(),
        wallet_id=command.wallet_id,
        owner_id=command.owner_id,
        new_status=command.to.value,
        actor=command.actor,
        reason=command.reason,
    )


def _money(amount: Money | None) -> dict[str, Any]:
    return {} if amount is None else {"currency": amount.currency, "amount": amount.amount}
