"""The commands of wallet: what each takes, the key that it is known by, and the rules of form, which need no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from payflow.kernel.errors import InvalidInput
from payflow.kernel.idempotency import fingerprint, key_problem
from payflow.kernel.money import Money, currencies

AMOUNT_MAX = 10**15  # minor units of one movement; ten trillion dollars
HOLD_SECONDS_MAX = 7 * 24 * 3600  # longer than any saga lives


class CreditSource(Enum):
    """The system accounts that a service may pay from."""

    REWARDS = "REWARDS"


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
class Credit:
    wallet_id: UUID
    amount: Money
    source: CreditSource
    transfer_id: UUID | None
    idempotency_key: str

    @property
    def claim(self) -> Claim:
        command = {"to": self.wallet_id, "transfer": self.transfer_id, **_plain(self.amount)}
        return Claim(f"credit:{self.source.value}", self.idempotency_key, fingerprint(command))


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """`id` is the hold's id and its idempotency key."""

    id: UUID
    from_wallet_id: UUID
    to_wallet_id: UUID
    amount: Money
    transfer_id: UUID
    expires_in_s: int

    @property
    def claim(self) -> Claim:
        command = {
            "from": self.from_wallet_id,
            "to": self.to_wallet_id,
            "transfer": self.transfer_id,
            "expires_in_s": self.expires_in_s,
            **_plain(self.amount),
        }
        return hold_claim(self.id, fingerprint(command))


def hold_claim(hold_id: UUID, input_fingerprint: bytes | None = None) -> Claim:
    """The key of a hold. Without an input it is a tombstone: every input that comes later finds it taken."""
    return Claim("hold", str(hold_id), input_fingerprint)


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


def _plain(amount: Money) -> dict[str, int | str]:
    return {"amount": amount.amount, "currency": amount.currency}
