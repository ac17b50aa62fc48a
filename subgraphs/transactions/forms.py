"""The rules of form that commands of transactions share: pure, before anything is asked or stored. Each raises InvalidInput."""

from __future__ import annotations

from payflow.kernel.errors import InvalidInput
from payflow.kernel.idempotency import key_problem
from payflow.kernel.money import MINOR_UNITS_MAX, Money, currencies

NOTE_LENGTH_MAX = 200


def check_key(key: str) -> None:
    """An idempotency key is short, and can be stored."""
    if problem := key_problem(key):
        raise InvalidInput("idempotencyKey", problem)


def check_amount(amount: Money) -> None:
    """Something, of a currency that there is."""
    if not 1 <= amount.amount <= MINOR_UNITS_MAX:
        raise InvalidInput("amount", "amount must be at least 1 minor unit, e.g. 1250 for 12.50")
    if amount.currency not in currencies():
        raise InvalidInput("amount", f"{amount.currency} is no currency of ISO 4217; give a code like USD, EUR or JPY")


def check_note(note: str | None) -> None:
    """A note is short, and can be stored."""
    if note is None:
        return
    if len(note) > NOTE_LENGTH_MAX:
        raise InvalidInput("note", f"note must have at most {NOTE_LENGTH_MAX} characters, this one has {len(note)}")
    if "\x00" in note:
        raise InvalidInput("note", "note must not contain NUL characters, which no database keeps")
