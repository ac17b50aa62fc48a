"""Reads `retry-after`: how long a server wants to be left alone (RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from router.transport.base import SubgraphAnswer

_NAME: Final = b"retry-after"
_TELLING: Final = frozenset({429, 503})  # the statuses that it is sent with; with a redirect it means something else


def retry_after(answer: SubgraphAnswer, now: datetime | None = None) -> float | None:
    """The seconds that an answer asks for; None where it asks for none, or in no way that can be read."""
    if answer.status not in _TELLING:
        return None
    said = next((value for name, value in answer.headers if name == _NAME), None)
    return None if said is None else _seconds(said.strip().decode("latin-1"), now or datetime.now(UTC))


def _seconds(said: str, now: datetime) -> float | None:
    if said.isdecimal():
        return float(said)
    try:
        date = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (date - now).total_seconds()) if date.tzinfo is not None else None
