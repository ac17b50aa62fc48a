"""Money: a whole number of a currency's minor units, and nothing else. Never a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision

# The largest integer that every JSON reader keeps exact (2^53 - 1): the bound of the MinorUnits scalar.
MINOR_UNITS_MAX = 2**53 - 1
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Money:
    """`Money(1250, "USD")` is twelve dollars fifty, `Money(1250, "JPY")` is 1250 yen. May be negative: a statement line."""

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount <= other.amount

    def basis_points(self, rate: int) -> Money:
        """`rate` hundredths of a per cent of this, rounded down: 150 of $10.00 is $0.15."""
        return Money(self.amount * rate // BASIS_POINTS, self.currency)

    @property
    def formatted(self) -> str:
        """For people, e.g. "$12.34" or "¥500"."""
        exponent = get_currency_precision(self.currency)
        return format_currency(Decimal(self.amount).scaleb(-exponent), self.currency, locale="en_US")

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be mixed")


@cache
def currencies() -> frozenset[str]:
    """The ISO 4217 codes that are legal tender somewhere today, from the CLDR."""
    today = datetime.now(UTC).timetuple()[:3]
    return frozenset(
        code
        for tenders in get_global("territory_currencies").values()
        for code, _, until, is_tender in tenders
        if is_tender and (until is None or until > today)
    )


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` where there are none."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result
