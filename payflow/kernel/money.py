"""Money: a whole number of a currency's minor units, and nothing else. Never a float."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import Locale
from babel.numbers import NumberPattern

from payflow.kernel.currencies import MINOR_DIGITS, minor_digits

# The largest integer that every JSON reader keeps exact (2^53 - 1): the bound of the MinorUnits scalar.
MINOR_UNITS_MAX = 2**53 - 1
BASIS_POINTS = 10_000
_ENGLISH = Locale("en", "US")


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
        """For people, e.g. "$12.34" or "¥500", with every digit of the minor unit."""
        digits = minor_digits(self.currency)
        before, before_negative = _before_digits(self.currency)
        whole, rest = divmod(abs(self.amount), 10**digits)
        written = f"{before_negative if self.amount < 0 else before}{whole:,}"
        return f"{written}.{rest:0{digits}}" if digits else written

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be mixed")


def currencies() -> frozenset[str]:
    """The ISO 4217 codes of today that have minor units: what a wallet may be opened in."""
    return frozenset(MINOR_DIGITS)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` where there are none."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result


@cache
def _before_digits(currency: str) -> tuple[str, str]:
    """What stands before the digits of a positive and of a negative amount, as Babel writes it: "$" and "-$", "CHF " and "-CHF "."""
    pattern = _pattern(0)
    plus, minus = (
        str(pattern.apply(Decimal(value), _ENGLISH, currency=currency, currency_digits=False)) for value in (1, -1)
    )
    return plus.removesuffix("1"), minus.removesuffix("1")


@cache
def _pattern(digits: int) -> NumberPattern:
    """The standard way to write an amount of money, with this many digits behind the point."""
    pattern: NumberPattern = copy(_ENGLISH.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern
