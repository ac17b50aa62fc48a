"""The custom scalars, as NewTypes: a resolver says `MinorUnits`, the schema says `scalar MinorUnits`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from payflow.kernel.errors import InvalidArgument
from payflow.kernel.money import MINOR_UNITS_MAX

MinorUnits = NewType("MinorUnits", int)
CurrencyCode = NewType("CurrencyCode", str)


def _write_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_instant(value: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise _malformed(f"DateTime must say its offset, e.g. 2026-11-22T13:05:00Z; got {value!r}")
        return instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _malformed(f"DateTime must be an RFC 3339 instant, e.g. 2026-11-22T13:05:00Z; got {value!r}") from None


def _read_minor_units(value: Any) -> int:
    if not _is_minor_units(value):
        raise _malformed(f"MinorUnits must be a whole number within ±(2^53-1), e.g. 1250 for 12.50; got {value!r}")
    return int(value)


def _write_minor_units(value: Any) -> int:
    assert _is_minor_units(value), f"{value!r} is no amount that every client reads exactly"
    return int(value)


def _is_minor_units(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MINOR_UNITS_MAX


def _read_currency(value: Any) -> str:
    if not _is_currency(value):
        raise _malformed(f"CurrencyCode must be three upper-case letters, e.g. USD; got {value!r}")
    return str(value)


def _write_currency(value: Any) -> str:
    assert _is_currency(value), f"{value!r} is no currency code"
    return str(value)


def _is_currency(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()


def _malformed(message: str) -> GraphQLError:
    """What a value that cannot be read is answered with: the client's error, as a variable and as a literal alike."""
    return GraphQLError(message, extensions={"code": InvalidArgument.code})


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
        serialize=_write_minor_units,
        parse_value=_read_minor_units,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 alphabetic code, upper case.",
        serialize=_write_currency,
        parse_value=_read_currency,
    ),
}
