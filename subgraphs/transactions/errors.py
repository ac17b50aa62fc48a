"""What transactions refuses and is refused, and how a refusal is remembered.

Refusal
├── InvalidInput        (kernel) a field of the input breaks a rule
├── IdempotencyConflict (kernel) the key was used before with another input
├── WalletNotFound      no such wallet of the payer's
├── RecipientNotFound   nobody to be paid goes by this handle or wallet
├── SameWallet
├── CurrencyMismatch
├── InsufficientFunds   says how much there was
├── WalletFrozen        no money leaves the wallet for now
├── WalletClosed        no money leaves the wallet or enters it any more
├── LimitExceeded       says which limit
├── TransferNotFound    no such transfer of one's own
├── NotRefundable       not by the one who asks, not yet, or not that much any more
├── PaymentRequestNotFound   no such request that the one who asks may answer
├── PaymentRequestClosed     says how it ended
├── TooManyOpenRequests      says how many one may have open to the same payer
└── HoldRefusal         the wallet to the saga: no answer for a client, but a failure code of the transfer
    ├── HoldCancelled   the hold was released before it was placed
    ├── HoldReleased    the held money has been given back
    ├── HoldExpired     the hold grew too old to be captured, and is to be released
    ├── HoldCaptured    the held money is the payee's
    └── PayeeClosed     the wallet that the money was meant for has been closed, and the hold is to be released

What is the first answer to a command is kept under its key, and given again word for word.
"""

from __future__ import annotations

from typing import Any

from payflow.kernel.errors import InvalidInput, Refusal, screaming_snake
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


class WalletFrozen(Refusal):
    def __init__(self, message: str = "This wallet is frozen: money may come in, and none may leave.") -> None:
        super().__init__(message)


class WalletClosed(Refusal):
    def __init__(self, message: str = "One of the wallets is closed: no money moves in or out.") -> None:
        super().__init__(message)


class LimitExceeded(Refusal):
    """`limit` is the one that the amount would break: of one transfer, or of 24 hours."""

    def __init__(self, message: str, *, limit: Money) -> None:
        super().__init__(message)
        self.limit = limit


class TransferNotFound(Refusal):
    def __init__(self, message: str = "There is no such transfer of yours.") -> None:
        super().__init__(message)


class NotRefundable(Refusal):
    pass


class PaymentRequestNotFound(Refusal):
    pass


class PaymentRequestClosed(Refusal):
    """`status` is how it ended: PAID, DECLINED, CANCELLED or EXPIRED."""

    def __init__(self, message: str, *, status: str) -> None:
        super().__init__(message)
        self.status = status


class TooManyOpenRequests(Refusal):
    """`limit` is how many requests one may have open to the same payer."""

    def __init__(self, message: str, *, limit: int) -> None:
        super().__init__(message)
        self.limit = limit


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


class PayeeClosed(HoldRefusal):
    def __init__(self) -> None:
        super().__init__("The recipient's wallet has been closed.")


_OF_A_SENTENCE: dict[str, type[Refusal]] = {
    screaming_snake(kind.__name__): kind
    for kind in (
        WalletNotFound,
        RecipientNotFound,
        SameWallet,
        CurrencyMismatch,
        WalletFrozen,
        WalletClosed,
        TransferNotFound,
        NotRefundable,
        PaymentRequestNotFound,
    )
}


def to_json(refusal: Refusal) -> dict[str, Any]:
    """What the database keeps of a refusal."""
    kept: dict[str, Any] = {"code": refusal.failure_code, "message": refusal.message}
    match refusal:
        case InsufficientFunds(available=available, requested=requested):
            kept |= {"currency": requested.currency, "available": available.amount, "requested": requested.amount}
        case LimitExceeded(limit=limit):
            kept |= {"currency": limit.currency, "limit": limit.amount}
        case InvalidInput(field=field):
            kept["field"] = field
        case PaymentRequestClosed(status=status):
            kept["status"] = status
        case TooManyOpenRequests(limit=most):
            kept["limit"] = most
    return kept


def from_json(kept: dict[str, Any]) -> Refusal:
    """The refusal that `to_json` wrote down."""
    message = kept["message"]
    match kept["code"]:
        case "INSUFFICIENT_FUNDS":
            available, requested = (Money(kept[name], kept["currency"]) for name in ("available", "requested"))
            return InsufficientFunds(message, available=available, requested=requested)
        case "LIMIT_EXCEEDED":
            return LimitExceeded(message, limit=Money(kept["limit"], kept["currency"]))
        case "INVALID_INPUT":
            return InvalidInput(kept["field"], message)
        case "PAYMENT_REQUEST_CLOSED":
            return PaymentRequestClosed(message, status=kept["status"])
        case "TOO_MANY_OPEN_REQUESTS":
            return TooManyOpenRequests(message, limit=kept["limit"])
        case code:
            return _OF_A_SENTENCE[code](message)
