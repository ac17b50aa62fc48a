"""What every kind of element has: a description, perhaps a deprecation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from router.changes.change import Change, change
from router.changes.kinds import Kind


def description_changes(old: Any, new: Any, coordinate: str) -> Iterator[Change]:
    """The element's description, where it differs; line breaks at its ends do not count."""
    before, after = (old.description or "").strip(), (new.description or "").strip()
    if before != after:
        what = "is new" if not before else "is gone" if not after else "is different"
        yield change(Kind.DESCRIPTION_CHANGED, coordinate, f"The description of {coordinate} {what}.")


def deprecation_changes(old: Any, new: Any, coordinate: str) -> Iterator[Change]:
    """Whether the element is deprecated, and why."""
    before, after = old.deprecation_reason, new.deprecation_reason
    if before is None and after is not None:
        yield change(Kind.DEPRECATION_ADDED, coordinate, f'{coordinate} is deprecated: "{after}".')
    elif before is not None and after is None:
        yield change(Kind.DEPRECATION_REMOVED, coordinate, f"{coordinate} is no longer deprecated.")
    elif before != after:
        reason = f'{coordinate} is deprecated for another reason: "{after}", before: "{before}".'
        yield change(Kind.DEPRECATION_REASON_CHANGED, coordinate, reason)


def was_deprecated(element: Any) -> str:
    """A clause for the message of a removal."""
    reason = element.deprecation_reason
    return "" if reason is None else f' (it was deprecated: "{reason}")'
