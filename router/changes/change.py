"""One change between two schemas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from router.changes.kinds import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """`coordinate` is the schema coordinate of what changed: `User`, `User.name`, `Query.users(first:)`, `@skip`.

    `concerns` are the coordinates of the old schema of which an operation must use one to notice.
    """

    kind: Kind
    coordinate: str
    message: str
    concerns: frozenset[str] = field(default=frozenset(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {
            "severity": self.kind.severity.value,
            "kind": self.kind.name,
            "coordinate": self.coordinate,
            "message": self.message,
        }


def change(kind: Kind, coordinate: str, message: str, *, concerns: str | Iterable[str] = ()) -> Change:
    """A change that concerns operations that use its own coordinate, or else what is named."""
    named = [concerns] if isinstance(concerns, str) else concerns
    return Change(kind, coordinate, message, frozenset(named) or frozenset({coordinate}))
