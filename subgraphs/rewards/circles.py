"""Money that goes in a circle earns nothing: a payment between two people of whom the payee has paid the payer lately.

Of a pair of payments that answer each other one earns at most, whichever is heard of first: events of two transfers come in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from subgraphs.rewards.domain import CompletedTransfer

CIRCLE_WINDOW = timedelta(days=7)  # money that comes back later than this has been of use to somebody


class Pair(NamedTuple):
    """Two people who have paid each other, or one the other; `low` is the one whose id is the lower."""

    low: UUID
    high: UUID

    @classmethod
    def of(cls, transfer: CompletedTransfer) -> Pair:
        return cls(*sorted((transfer.payer_id, transfer.payee_id)))


@dataclass(frozen=True, slots=True)
class Payments:
    """When the one whose id is lower last paid the other, and the other way round; None: never."""

    by_low: datetime | None = None
    by_high: datetime | None = None


@dataclass(slots=True)
class Circles:
    """What is known of the pairs that some transfers are between, locked by whoever asks; `note` keeps it up to date."""

    payments: dict[Pair, Payments] = field(default_factory=dict)

    def closes(self, transfer: CompletedTransfer) -> bool:
        """Whether the money comes back to who it came from: the payee has paid the payer within the window, or is the payer."""
        pair = Pair.of(transfer)
        known = self.payments.get(pair, Payments())
        back = known.by_high if transfer.payer_id == pair.low else known.by_low
        return pair.low == pair.high or (back is not None and back > transfer.completed_at - CIRCLE_WINDOW)

    def note(self, transfer: CompletedTransfer) -> None:
        """Remember that the payer has paid the payee."""
        pair, at = Pair.of(transfer), transfer.completed_at
        known = self.payments.get(pair, Payments())
        if transfer.payer_id == pair.low:
            self.payments[pair] = Payments(max(at, known.by_low or at), known.by_high)
        else:
            self.payments[pair] = Payments(known.by_low, max(at, known.by_high or at))
