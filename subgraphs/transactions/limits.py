"""How much people may send: at once, and within any 24 hours, per currency. Payments only; one that fails does not count.

The amount of a payment counts from the commit that begins it, exactly however many come at once: see `begin_transfer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from payflow.kernel.errors import SettingsError
from payflow.kernel.money import Money
from subgraphs.transactions.domain import Transfer, TransferKind
from subgraphs.transactions.errors import LimitExceeded

ANY = "*"
SPENDING_KEPT_FOR = timedelta(hours=25)  # a minute counts for 24 hours and one minute


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of each currency, in its minor units, by its code or ANY; a currency without either has no limit."""

    per_transfer: Mapping[str, int] = field(default_factory=dict)
    per_day: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, *, per_transfer: str, per_day: str) -> Limits:
        """From settings such as `USD=500000,*=1000000000`. Raises SettingsError."""
        return cls(
            _parse(per_transfer, setting="PAYFLOW_TRANSFER_LIMITS"), _parse(per_day, setting="PAYFLOW_DAILY_LIMITS")
        )

    def refusal_of(self, transfer: Transfer) -> LimitExceeded | None:
        """Why a transfer of this amount is refused by itself, if it is."""
        limit = _limit(self.per_transfer, transfer)
        if limit is None or transfer.amount <= limit:
            return None
        return LimitExceeded(f"One transfer may be of {limit.formatted} at most.", limit=limit)

    def daily_of(self, transfer: Transfer) -> LimitExceeded | None:
        """The refusal that the payer gets whose payments within 24 hours would exceed its limit."""
        limit = _limit(self.per_day, transfer)
        return None if limit is None else _daily(limit)


NO_LIMITS = Limits()


@cache
def _daily(limit: Money) -> LimitExceeded:
    """As few as there are currencies, and asked for by every payment."""
    return LimitExceeded(f"You may send {limit.formatted} within 24 hours; this would be more.", limit=limit)


def _limit(limits: Mapping[str, int], transfer: Transfer) -> Money | None:
    if transfer.kind is not TransferKind.PAYMENT:
        return None
    currency = transfer.amount.currency
    most = limits.get(currency, limits.get(ANY))
    return None if most is None else Money(most, currency)


def _parse(text: str, *, setting: str) -> dict[str, int]:
    limits = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        currency, _, most = part.partition("=")
        if not (currency == ANY or (len(currency) == 3 and currency.isascii() and currency.isupper())) or not (
            most.isascii() and most.isdigit()
        ):
            raise SettingsError(
                f"{setting} has {part!r}; give limits as CURRENCY=MINOR_UNITS, e.g. USD=500000 for 5000.00 USD, and * for any other"
            )
        limits[currency] = int(most)
    return limits
