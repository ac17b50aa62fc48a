"""What wallet refuses.

Refusal
├── InvalidInput        (kernel) a field of the input breaks a rule
│   ├── BalanceTooLarge     the wallet would hold more than one may
│   └── FundNotFound        the campaign has never been funded
├── IdempotencyConflict (kernel)
├── WalletExists        the person has a wallet of this currency already that is not closed
├── WalletNotFound      ┐
├── SameWallet          │ remembered with the idempotency key that met them:
├── CurrencyMismatch    │ a key that was refused once never succeeds later
├── InsufficientFunds   │
├── WalletFrozen        │ no money leaves it, and its owner does not close it
├── WalletClosed        │ no money moves in or out, for ever
├── HoldNotFound        │
├── HoldReleased        │
├── HoldCaptured        │
├── HoldExpired         │
├── CaptureExceedsHold  │
├── JournalNotFound     │
├── AlreadyReversed     │
├── HoldCancelled       ┘ the hold was released before it was placed
└── WalletNotEmpty      only an empty wallet is closed

DependencyUnavailable   (kernel)
└── RequestTooOld           the command waited too long; nothing has happened, and its key is free
"""

from __future__ import annotations

from uuid import UUID

from payflow.kernel.errors import DependencyUnavailable, InvalidInput, Refusal
from payflow.kernel.money import Money


class WalletExists(Refusal):
    def __init__(self, currency: str, *, wallet_id: UUID) -> None:
        super().__init__(f"You have a {currency} wallet already; use that one.")
        self.wallet_id = wallet_id


class WalletNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no wallet with this id that you could use so.")


class FundNotFound(InvalidInput):
    def __init__(self) -> None:
        super().__init__(
            "campaignId", "There is no fund of this campaign; it is made when the campaign is first funded."
        )


class SameWallet(Refusal):
    def __init__(self) -> None:
        super().__init__("A wallet cannot pay itself; name two different wallets.")


class CurrencyMismatch(Refusal):
    def __init__(self, *, wallet: str, amount: str) -> None:
        super().__init__(f"The wallet holds {wallet} and the amount is in {amount}; money is not converted.")
        self.wallet = wallet
        self.amount = amount


class InsufficientFunds(Refusal):
    def __init__(self, *, available: Money, requested: Money) -> None:
        super().__init__(f"{requested.formatted} is more than the {available.formatted} that is available.")
        self.available = available
        self.requested = requested


class BalanceTooLarge(InvalidInput):
    def __init__(self) -> None:
        super().__init__("amount", "amount would take the wallet past the most that one may hold; send less")


class WalletFrozen(Refusal):
    def __init__(self) -> None:
        super().__init__("The wallet is frozen: money may come in, and none may leave until it is unfrozen.")


class WalletClosed(Refusal):
    def __init__(self) -> None:
        super().__init__("The wallet is closed, for ever: no money moves in or out.")


class WalletNotEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__("Only an empty wallet can be closed; take out what is in it, and let what is on hold settle.")


class HoldCancelled(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing is held under this id, and nothing will be: it was released before it was placed.")


class HoldNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no hold with this id.")


class HoldReleased(Refusal):
    def __init__(self) -> None:
        super().__init__("The hold was released; its money is back with the payer.")


class HoldCaptured(Refusal):
    def __init__(self) -> None:
        super().__init__("The hold was captured; its money is with the payee.")


class HoldExpired(Refusal):
    def __init__(self) -> None:
        super().__init__("The hold has expired and cannot be captured any more; release it.")


class CaptureExceedsHold(Refusal):
    def __init__(self, *, remaining: Money, requested: Money) -> None:
        super().__init__(f"{requested.formatted} is more than the {remaining.formatted} that the hold still holds.")
        self.remaining = remaining
        self.requested = requested


class JournalNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no journal with this id that moved money; holds are captured or released instead.")


class AlreadyReversed(Refusal):
    def __init__(self) -> None:
        super().__init__("The journal was reversed before; reverse that reversal to have it back.")


class RequestTooOld(DependencyUnavailable):
    def __init__(self) -> None:
        super().__init__("The command waited too long. Nothing has happened; send the same command again.")
