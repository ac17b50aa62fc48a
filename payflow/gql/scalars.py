"""The custom scalars, as NewTypes: a resolver says `MinorUnits`, the schema says `scalar MinorUnits`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from payflow.kernel.money import MINOR_UNITS_MAX

MinorUnits = NewType("MinorUnits", int)
CurrencyCode = NewType("CurrencyCode", str)


def _write_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_instant(value: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"DateTime must be an RFC 3339 instant, e.g. 2026-11-22T13:05:00Z; got {value!r}") from None
    if instant.tzinfo is None:
        raise ValueError(f"DateTime must say its offset, e.g. 2026-11-22T13:05:00Z; got {value!r}")
    return instant.astimezone(UTC)


def _read_minor_units(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MINOR_UNITS_MAX:
        raise ValueError(f"MinorUnits must be a whole number within ±(2^53-1), e.g. 1250 for 12.50; got {value!r}")
    return value


def _read_currency(value: Any) -> str:
    if not (isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise ValueError(f"CurrencyCode must be three upper-case letters, e.g. USD; got {value!r}")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, RFC 3339, UTC, e.g. 2026-11-22T13:05:00.123456Z.",
        serialize=_write_instant,
        parse_value=_read_instant,
    ),
    MinorUnits: strawberry.scalar(
        name="MinorUnits",
        description="An exact integer number of a currency's minor units (cents, pence, yen), serialised as a JSON"
        " integer within ±(2^53-1). Never a float.",
        serialize=_read_minor_units,
        parse_value=_read_minor_units,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 alphabetic code, upper case.",
        serialize=_read_currency,
        parse_value=_read_currency,
    ),
}
