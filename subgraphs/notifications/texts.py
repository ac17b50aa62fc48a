"""Every sentence that notifications says. People are not named: who they are is looked up through the transfer, when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    "WALLET_FROZEN": "No money can leave your wallet for now.",
    "WALLET_CLOSED": "One of the wallets has been closed.",
}

# By how a payment request ended: what its requester is told, and the one who was asked. Nobody is told what they did themself.
_OWN_REQUEST = {
    "PAID": "Your request for {amount} was paid",
    "DECLINED": "Your request for {amount} was declined",
    "EXPIRED": "Your request for {amount} has expired",
}
_REQUEST_TO_YOU = {
    "CANCELLED": "A request for {amount} was withdrawn",
    "EXPIRED": "A request for {amount} has expired",
}
NOTHING_TO_DO = "There is nothing to do."


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


def reward_clawed_back(amount: Money, campaign_name: str) -> Text:
    return Text(
        f"{amount.formatted} of a reward was taken back",
        f"{campaign_name}: the payment that earned it was refunded, all of it or in part.",
    )


def refund_received(amount: Money, *, refunded: Money, paid: Money) -> Text:
    return Text(f"You got {amount.formatted} back", _refunded_so_far(refunded, paid))


def refund_given(amount: Money, *, refunded: Money, paid: Money) -> Text:
    return Text(f"You gave {amount.formatted} back", _refunded_so_far(refunded, paid))


def payment_requested(amount: Money, note: str | None, expires_at: datetime) -> Text:
    until = f"Pay or decline it by {expires_at:%-d %B %Y}."
    quoted = _quoted(note)
    return Text(f"You are asked for {amount.formatted}", f"{quoted}. {until}" if quoted else until)


def own_request_closed(amount: Money, note: str | None, end: str) -> Text:
    return _request_closed(_OWN_REQUEST[end], amount, note)


def request_to_you_closed(amount: Money, note: str | None, end: str) -> Text:
    return _request_closed(_REQUEST_TO_YOU[end], amount, note)


def session_ended() -> Text:
    return Text(
        "You were signed out for your safety",
        "A sign-in of yours was used from two places, so a copy of it may be in other hands."
        " If that was not you, change your password.",
    )


def _request_closed(title: str, amount: Money, note: str | None) -> Text:
    return Text(title.format(amount=amount.formatted), _quoted(note) or NOTHING_TO_DO)


def _refunded_so_far(refunded: Money, paid: Money) -> str:
    if refunded == paid:
        return f"All of the payment of {paid.formatted} has been given back."
    return f"{refunded.formatted} of the payment of {paid.formatted} has been given back so far."


def _quoted(note: str | None) -> str | None:
    return f"“{note.strip()}”" if note and note.strip() else None
