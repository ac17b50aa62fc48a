"""Money: exact, of one currency, and readable."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.core import Locale, get_global
from hypothesis import given
from hypothesis import strategies as st

from payflow.kernel.currencies import minor_digits
from payflow.kernel.money import MINOR_UNITS_MAX, Money, currencies, total

AMOUNTS = st.integers(-MINOR_UNITS_MAX, MINOR_UNITS_MAX)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1234, "USD"), "$12.34"),
        (Money(0, "USD"), "$0.00"),
        (Money(-5, "USD"), "-$0.05"),
        (Money(500, "JPY"), "¥500"),
        (Money(123_456_789, "EUR"), "€1,234,567.89"),
        (Money(1500, "KWD"), "KWD1.500"),
        (Money(-1500, "IQD"), "-IQD1.500"),
        (Money(12_345, "AFN"), "AFN123.45"),
        (Money(12_345, "CLF"), "CLF1.2345"),
        (Money(12_345, "XOF"), "F\u202fCFA12,345"),
        (Money(12_345, "BGN"), "BGN123.45"),
        (Money(MINOR_UNITS_MAX, "USD"), "$90,071,992,547,409.91"),
    ],
)
def test_formatted(money: Money, text: str) -> None:
    """As people write it, with the currency's own number of digits, exactly."""
    assert money.formatted == text


@given(AMOUNTS, AMOUNTS)
def test_arithmetic_is_exact(one: int, two: int) -> None:
    """Sum, difference, negation and order are those of the minor units."""
    first, second = Money(one, "USD"), Money(two, "USD")

    assert first + second == Money(one + two, "USD")
    assert first - second == first + -second
    assert (first < second, first <= second) == (one < two, one <= two)


@given(st.integers(0, MINOR_UNITS_MAX), st.integers(1, 10_000))
def test_basis_points_are_rounded_down(amount: int, rate: int) -> None:
    """Never more than the exact share, and less by under one minor unit."""
    share = Money(amount, "USD").basis_points(rate).amount

    assert 0 <= Fraction(amount * rate, 10_000) - share < 1


@pytest.mark.parametrize(
    "mix", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b], ids="+-<≤"
)
def test_currencies_do_not_mix(mix: Callable[[Money, Money], object]) -> None:
    """Dollars and euros are neither added nor compared."""
    with pytest.raises(ValueError, match="USD and EUR cannot be mixed"):
        mix(Money(1, "USD"), Money(1, "EUR"))


def test_total() -> None:
    """A sum knows its currency even when there is nothing to add."""
    assert total([Money(1, "EUR"), Money(2, "EUR")], "EUR") == Money(3, "EUR")
    assert total([], "EUR") == Money(0, "EUR")


def test_currencies_are_those_of_today() -> None:
    """Money that can be had, also where no land uses it: no German marks, no gold, no test codes."""
    assert {"USD", "EUR", "JPY", "GBP", "KWD", "CLF", "XAD", "CHE"} <= currencies()
    assert currencies().isdisjoint({"DEM", "XAU", "XDR", "XXX", "XTS"})


def test_every_land_has_its_money() -> None:
    """Whatever the CLDR knows as legal tender today is in the standard's list, but for what ISO has retired since."""
    today = datetime.now(UTC).timetuple()[:3]
    tender = {
        code
        for tenders in get_global("territory_currencies").values()
        for code, _, until, is_tender in tenders
        if is_tender and (until is None or until > today)
    }

    assert tender - currencies() <= {"BGN"}  # Bulgaria has paid in euros since 2026


@pytest.mark.parametrize("currency", sorted(currencies()))
def test_every_currency_is_written_with_all_its_digits(currency: str) -> None:
    """What is written, read back, is the very number of minor units."""
    written = Money(1_234_567, currency).formatted

    digits = "".join(char for char in written if char.isdecimal())
    fraction = written.rpartition(".")[2]  # the last point: a symbol may have one, too, as Cg. does
    assert digits == "1234567"
    assert len(fraction) == minor_digits(currency) or (minor_digits(currency) == 0 and fraction == written)


@pytest.mark.parametrize("amount", [0, 1, -1, 99, -100, 1234, -56789, 100_000, 123_456_789, -MINOR_UNITS_MAX])
def test_every_currency_is_written_as_babel_writes_it(amount: int) -> None:
    """Symbol, sign, groups and digits are those of the standard pattern of American English, without asking it each time."""
    pattern = copy(Locale("en", "US").currency_formats["standard"])
    for currency in currencies():
        digits = minor_digits(currency)
        pattern.frac_prec = (digits, digits)
        value = Decimal(amount).scaleb(-digits)
        written = pattern.apply(value, Locale("en", "US"), currency=currency, currency_digits=False)
        assert Money(amount, currency).formatted == written
