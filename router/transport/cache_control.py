"""Reads what an answer says of how long it may be kept. Source: RFC 9111, sections 4.2.1 and 5.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Directives: TypeAlias = Mapping[str, str | None]


def seconds_of(answer: Directives, name: str, otherwise: int) -> int:
    """The argument of a directive; `otherwise` where the directive is missing."""
    if name not in answer:
        return otherwise
    value = answer[name] or ""
    return int(value) if value.isdecimal() else 0  # what cannot be read is taken as stale (section 4.2.1)


def directives(value: str) -> Directives:
    """Those of a header, by name in lower case.

    Quotes are dropped: no directive that counts here has a comma in its argument but no-cache and private, whose field names only
    ever narrow them.
    """
    parts = [part.partition("=") for part in value.split(",") if part.strip()]
    return {name.strip().lower(): (text.strip().strip('"') if equals else None) for name, equals, text in parts}
