"""Every sentence that notifications says. People are not named: who they are is looked up through the transfer, when it is read."""

from __future__ import annotations

from dataclasses import dataclass

from payflow.kernel.money import Money

NOTHING_TAKEN = "Nothing was taken from your wallet."

# By the failure code of a transfer: why it did not go through.
_REASONS = {
    "INSUFFICIENT_FUNDS": "There was not enough money in your wallet.",
    "WALLET_NOT_FOUND": "One of the wallets does not exist any more.",
    "CURRENCY_MISMATCH": "The two wallets hold different currencies.",
    "SAME_WALLET": "A wallet cannot pay itself.",
    "LIMIT_EXCEEDED": "It is more than you may send at the moment.",
    "HOLD_EXPIRED": "It took too long.",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A notification's words."""

    title: str
    body: str


def transfer_sent(amount: Money, note: str | None) -> Text:
    return Text(f"You sent {amount.formatted}", _quoted(note) or "The money has arrived.")


def transfer_received(amount: Money, note: str | None) -> Text:
    return Text(f"You received {amount.formatted}", _quoted(note) or "The money is in your wallet.")


def transfer_failed(amount: Money, failure_code: str) -> Text:
    """A code that we have no sentence for still says that nothing was taken."""
    reason = _REASONS.get(failure_code)
    return Text(
        f"Your transfer of {amount.formatted} did not go through",
        f"{reason} {NOTHING_TAKEN}" if reason else NOTHING_TAKEN,
    )


def reward_issued(amount: Money, campaign_name: str) -> Text:
    return Text(f"You earned {amount.formatted}", f"{campaign_name}: the money is in your wallet.")


def _quoted(note: str | None) -> str | None:
    return f"“{note.strip()}”" if note and note.strip() else None
