"""What transactions refuses and is refused, and how a refusal is remembered.

Refusal
├── InvalidInput        (kernel) a field of the input breaks a rule
├── IdempotencyConflict (kernel) the key was used before with another input
├── WalletNotFound      no such wallet of the payer's
├── RecipientNotFound   nobody to be paid goes by this handle or wallet
├── SameWallet
├── CurrencyMismatch
├── InsufficientFunds   says how much there was
└── HoldRefusal         the wallet to the saga: no answer for a client, but a failure code of the transfer
    ├── HoldCancelled   the hold was released before it was placed
    ├── HoldReleased    the held money has been given back
    ├── HoldExpired     the hold grew too old to be captured, and is to be released
    └── HoldCaptured    the held money is the payee's

What is the first answer to a command is kept under its key, and given again word for word.
"""

from __future__ import annotations

from typing import Any

from payflow.kernel.errors import InvalidInput, Refusal
from payflow.kernel.money import Money


class WalletNotFound(Refusal):
    def __init__(self, message: str = "There is no such wallet among yours.") -> None:
        super().__init__(message)


class RecipientNotFound(Refusal):
    pass


class SameWallet(Refusal):
    def __init__(self, message: str = "The money is in this wallet already; choose another recipient.") -> None:
        super().__init__(message)


class CurrencyMismatch(Refusal):
    pass


class InsufficientFunds(Refusal):
    """`available` is what the payer could spend when asked."""

    def __init__(self, message: str, *, available: Money, requested: Money) -> None:
        super().__init__(message)
        self.available = available
        self.requested = requested


class HoldRefusal(Refusal):
    pass


class HoldCancelled(HoldRefusal):
    def __init__(self) -> None:
        super().__init__("The hold was released before it was placed.")


class HoldReleased(HoldRefusal):
    def __init__(self) -> None:
        super().__init__("The held money has been given back.")


class HoldExpired(HoldRefusal):
    def __init__(self) -> None:
        super().__init__("The hold grew too old to be captured.")


class HoldCaptured(HoldRefusal):
    def __init__(self) -> None:
        super().__init__("The held money has been paid out.")


_BY_CODE: dict[str, type[Refusal]] = {
    "WALLET_NOT_FOUND": WalletNotFound,
    "RECIPIENT_NOT_FOUND": RecipientNotFound,
    "SAME_WALLET": SameWallet,
    "CURRENCY_MISMATCH": CurrencyMismatch,
}


def to_json(refusal: Refusal) -> dict[str, Any]:
    """What the database keeps of a refusal."""
    kept: dict[str, Any] = {"code": refusal.failure_code, "message": refusal.message}
    if isinstance(refusal, InsufficientFunds):
        kept["currency"] = refusal.requested.currency
        kept["available"] = refusal.available.amount
        kept["requested"] = refusal.requested.amount
    if isinstance(refusal, InvalidInput):
        kept["field"] = refusal.field
    return kept


def from_json(kept: dict[str, Any]) -> Refusal:
    """The refusal that `to_json` wrote down."""
    match kept["code"]:
        case "INSUFFICIENT_FUNDS":
            return InsufficientFunds(
                kept["message"],
                available=Money(kept["available"], kept["currency"]),
                requested=Money(kept["requested"], kept["currency"]),
            )
        case "INVALID_INPUT":
            return InvalidInput(kept["field"], kept["message"])
        case code:
            return _BY_CODE[code](kept["message"])
