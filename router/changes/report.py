"""What a check found: every change, and what recorded operations make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from router.changes.change import Change
from router.changes.kinds import Severity
from router.changes.operations import Checked, Ignored


@dataclass(frozen=True, slots=True)
class Report:
    """`operations` is None where none were given; `ignored` are those that were not valid before."""

    changes: tuple[Change, ...]
    operations: tuple[Checked, ...] | None = None
    ignored: tuple[Ignored, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether existing clients break.

        Where operations are known, those that break decide: a breaking change that none of them meets is safe by usage.
        Where none is known, or none was valid before, every breaking change counts.
        """
        if self.operations:
            return any(operation.breaks for operation in self.operations)
        return bool(self.of(Severity.BREAKING))

    def of(self, severity: Severity) -> tuple[Change, ...]:
        """The changes of one severity, by coordinate."""
        return tuple(change for change in self.changes if change.kind.severity is severity)

    def meeting(self, change: Change) -> tuple[Checked, ...] | None:
        """The operations that meet a change; None where no operation is known."""
        if not self.operations:
            return None
        return tuple(operation for operation in self.operations if change in operation.changes)

    @property
    def broken(self) -> tuple[Checked, ...]:
        """The operations that break, the most frequent first."""
        broken = (operation for operation in self.operations or () if operation.breaks)
        return tuple(sorted(broken, key=lambda operation: -operation.operation.count))

    def as_dict(self) -> dict[str, Any]:
        """JSON shape: `{"breaks": …, "changes": […], "operations": {…} or null}`."""
        changes = []
        for change in self.changes:
            meeting = self.meeting(change)
            names = None if meeting is None else [met.operation.name for met in meeting]
            changes.append({**change.as_dict(), "operations": names})
        return {"breaks": self.breaks, "changes": changes, "operations": self._operations_as_dict()}

    def _operations_as_dict(self) -> dict[str, Any] | None:
        if self.operations is None:
            return None
        return {
            "checked": len(self.operations),
            "broken": [operation.as_dict() for operation in self.broken],
            "ignored": [ignored.as_dict() for ignored in self.ignored],
        }
