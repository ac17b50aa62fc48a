"""What each status of the posting function means to a caller. A key keeps its first outcome, and says it in the same words for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from payflow.kernel.errors import IdempotencyConflict, PayflowError
from payflow.kernel.money import Money
from subgraphs.wallet import errors

# The closed list of statuses that refuse, with the details that the database gives.
REFUSALS: Mapping[str, Callable[[dict[str, Any]], PayflowError]] = {
    "IDEMPOTENCY_CONFLICT": lambda _: IdempotencyConflict(),
    "REQUEST_TOO_OLD": lambda _: errors.RequestTooOld(),
    "WALLET_NOT_FOUND": lambda _: errors.WalletNotFound(),
    "FUND_NOT_FOUND": lambda _: errors.FundNotFound(),
    "WALLET_FROZEN": lambda _: errors.WalletFrozen(),
    "WALLET_CLOSED": lambda _: errors.WalletClosed(),
    "WALLET_NOT_EMPTY": lambda _: errors.WalletNotEmpty(),
    "SAME_WALLET": lambda _: errors.SameWallet(),
    "BALANCE_TOO_LARGE": lambda _: errors.BalanceTooLarge(),
    "HOLD_NOT_FOUND": lambda _: errors.HoldNotFound(),
    "HOLD_EXPIRED": lambda _: errors.HoldExpired(),
    "HOLD_CAPTURED": lambda _: errors.HoldCaptured(),
    "HOLD_RELEASED": lambda _: errors.HoldReleased(),
    "HOLD_CANCELLED": lambda _: errors.HoldCancelled(),
    "JOURNAL_NOT_FOUND": lambda _: errors.JournalNotFound(),
    "ALREADY_REVERSED": lambda _: errors.AlreadyReversed(),
    "CURRENCY_MISMATCH": lambda said: errors.CurrencyMismatch(wallet=said["wallet"], amount=said["amount"]),
    "INSUFFICIENT_FUNDS": lambda said: errors.InsufficientFunds(
        available=Money(said["available"], said["currency"]), requested=Money(said["requested"], said["currency"])
    ),
    "CAPTURE_EXCEEDS_HOLD": lambda said: errors.CaptureExceedsHold(
        remaining=Money(said["remaining"], said["currency"]), requested=Money(said["requested"], said["currency"])
    ),
}


def refusal_of(status: str, details: dict[str, Any]) -> PayflowError | None:
    """What to raise for a status, or None where it is OK."""
    return None if status == "OK" else REFUSALS[status](details)
