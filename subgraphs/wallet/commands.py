"""The commands of wallet: what each takes, the key that it is known by, and the rules of form, which need no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from payflow.kernel.errors import InvalidInput
from payflow.kernel.idempotency import fingerprint, key_problem
from payflow.kernel.money import Money, currencies

AMOUNT_MAX = 10**15  # minor units of one movement; ten trillion dollars
HOLD_SECONDS_MAX = 7 * 24 * 3600  # longer than any saga lives
REASON_LENGTH_MAX = 500  # of what an operator says; a sentence or two


class CreditSource(Enum):
    """What a service may pay from, and back to: a campaign's fund, or what rewards were paid from before there were funds."""

    REWARDS = "REWARDS"
    CAMPAIGN = "CAMPAIGN"


class Purpose(StrEnum):
    """What a hold is for: it decides how its capture reads."""

    TRANSFER = "TRANSFER"
    REFUND = "REFUND"


class WalletStatus(StrEnum):
    """FROZEN: money comes in, and goes out only by holds placed before. CLOSED: neither, for ever."""

    OPEN = "OPEN"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key, and the one input that it names for ever (None: whatever its input is)."""

    scope: str
    key: str
    fingerprint: bytes | None


@dataclass(frozen=True, slots=True)
class OpenWallet:
    owner_id: UUID
    currency: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """From the world outside into a wallet of one's own."""

    owner_id: UUID
    wallet_id: UUID
    amount: Money
    idempotency_key: str

    @property
    def claim(self) -> Claim:
        return Claim(
            f"deposit:{self.owner_id}", self.idempotency_key, fingerprint({"to": self.wallet_id, **_plain(self.amount)})
        )


@dataclass(frozen=True, slots=True)
class Withdraw:
    """From a wallet of one's own to the world outside."""

    owner_id: UUID
    wallet_id: UUID
    amount: Money
    idempotency_key: str

    @property
    def claim(self) -> Claim:
        command = {"from": self.wallet_id, **_plain(self.amount)}
        return Claim(f"withdraw:{self.owner_id}", self.idempotency_key, fingerprint(command))


@dataclass(frozen=True, slots=True)
class Credit:
    """From a campaign's fund, or a system account, into anybody's wallet."""

    wallet_id: UUID
    amount: Money
    source: CreditSource
    transfer_id: UUID | None
    idempotency_key: str
    campaign_id: UUID | None = None

    @property
    def claim(self) -> Claim:
        command = {"to": self.wallet_id, "transfer": self.transfer_id, **_plain(self.amount), **_campaign(self)}
        return Claim(f"credit:{self.source.value}", self.idempotency_key, fingerprint(command))


@dataclass(frozen=True, slots=True)
class Debit:
    """From anybody's wallet back to where a credit came from that was not earned after all.

    A campaign takes what is there of the amount, the system account all of it or nothing.
    """

    wallet_id: UUID
    amount: Money
    source: CreditSource
    transfer_id: UUID | None
    idempotency_key: str
    campaign_id: UUID | None = None

    @property
    def claim(self) -> Claim:
        command = {"from": self.wallet_id, "transfer": self.transfer_id, **_plain(self.amount), **_campaign(self)}
        return Claim(f"debit:{self.source.value}", self.idempotency_key, fingerprint(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class FundCampaign:
    """From the world outside into a campaign's fund; with `takes_back`, the other way."""

    campaign_id: UUID
    amount: Money
    actor: str
    reason: str
    idempotency_key: str
    takes_back: bool = False

    @property
    def claim(self) -> Claim:
        command = {"takes_back": self.takes_back, **_plain(self.amount)}
        return Claim(f"fund:{self.campaign_id}", self.idempotency_key, fingerprint(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """`id` is the hold's id and its idempotency key. `payer_id` must own the wallet that pays."""

    id: UUID
    payer_id: UUID
    from_wallet_id: UUID
    to_wallet_id: UUID
    amount: Money
    transfer_id: UUID
    expires_in_s: int
    purpose: Purpose = Purpose.TRANSFER

    @property
    def claim(self) -> Claim:
        command = {
            "payer": self.payer_id,
            "from": self.from_wallet_id,
            "to": self.to_wallet_id,
            "transfer": self.transfer_id,
            "expires_in_s": self.expires_in_s,
            "purpose": self.purpose,
            **_plain(self.amount),
        }
        return Claim("hold", str(self.id), fingerprint(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureHold:
    """Move an amount of a hold (None: all that is left) to the payee. `final`: what is left after that goes back to the payer.

    The key defaults to the hold's id, so several captures of one hold need keys of their own.
    """

    hold_id: UUID
    amount: Money | None = None
    final: bool = True
    idempotency_key: str | None = None

    @property
    def claim(self) -> Claim:
        amount = None if self.amount is None else _plain(self.amount)
        command = {"hold": self.hold_id, "amount": amount, "final": self.final}
        key = str(self.hold_id) if self.idempotency_key is None else self.idempotency_key
        return Claim("capture", key, fingerprint(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Give back what is left of a hold. `expired`: the sweeper asks, and only what is past its time goes back."""

    hold_id: UUID
    expired: bool = False

    @property
    def claim(self) -> Claim | None:
        """The sweeper needs no key: what it finds done, it leaves alone."""
        return None if self.expired else Claim("release", str(self.hold_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendHold:
    """Let a hold last at least this long from now. Asking again is a new wish, so there is no key."""

    hold_id: UUID
    expires_in_s: int

    @property
    def claim(self) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """Take a journal back, once, by its exact inverse: an operator's correction."""

    journal_id: UUID
    actor: str
    reason: str
    idempotency_key: str

    @property
    def claim(self) -> Claim:
        command = {"journal": self.journal_id, "actor": self.actor, "reason": self.reason}
        return Claim("reverse", self.idempotency_key, fingerprint(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus:
    """Freeze, unfreeze or close a wallet; with `owner_id` it must be that person's. What stands already is left alone."""

    wallet_id: UUID
    to: WalletStatus
    actor: str
    reason: str
    owner_id: UUID | None = None

    @property
    def claim(self) -> None:
        return None


Command = (
    Deposit
    | Withdraw
    | Credit
    | Debit
    | FundCampaign
    | PlaceHold
    | CaptureHold
    | ReleaseHold
    | ExtendHold
    | Reverse
    | ChangeStatus
)


def check_currency(currency: str, *, input_field: str) -> None:
    """Raises InvalidInput."""
    if currency not in currencies():
        raise InvalidInput(input_field, f"{currency} is not a currency in use; give an ISO 4217 code such as USD")


def check_amount(amount: Money) -> None:
    """Raises InvalidInput."""
    if not 1 <= amount.amount <= AMOUNT_MAX:
        raise InvalidInput("amount", f"amount must be between 1 and {AMOUNT_MAX} minor units, got {amount.amount}")
    check_currency(amount.currency, input_field="amount")


def check_key(key: str) -> None:
    """Raises InvalidInput."""
    if problem := key_problem(key):
        raise InvalidInput("idempotencyKey", problem)


def check_expiry(seconds: int) -> None:
    """Raises InvalidInput."""
    if not 1 <= seconds <= HOLD_SECONDS_MAX:
        raise InvalidInput("expiresInSeconds", f"expiresInSeconds must be between 1 and {HOLD_SECONDS_MAX}")


def check_source(command: Credit | Debit) -> None:
    """Raises InvalidInput."""
    if (command.source is CreditSource.CAMPAIGN) != (command.campaign_id is not None):
        raise InvalidInput("campaignId", "campaignId must be given with the source CAMPAIGN, and with no other")


def check_reason(reason: str) -> None:
    """Raises InvalidInput."""
    if not 1 <= len(reason.strip()) <= REASON_LENGTH_MAX or "\x00" in reason:
        raise InvalidInput("reason", f"reason must have 1 to {REASON_LENGTH_MAX} characters, and no NUL among them")


def _campaign(command: Credit | Debit) -> dict[str, Any]:
    return {} if command.campaign_id is None else {"campaign": command.campaign_id}


def _plain(amount: Money) -> dict[str, Any]:
    return {"amount": amount.amount, "currency": amount.currency}
