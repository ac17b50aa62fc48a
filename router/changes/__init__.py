"""Whether clients of one supergraph can live with another: what changes, how much it matters, and whom it breaks.

Pure: `check()` compares what was loaded and recorded; `router/commands/check.py` reads the files.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.changes.access import access_changes
from router.changes.change import Change
from router.changes.directives import directive_changes
from router.changes.kinds import Kind, Severity
from router.changes.operations import Checked, Ignored, RecordedOperation, check_operations, operations_in
from router.changes.ownership import ownership_changes
from router.changes.report import Report
from router.changes.text import format_text
from router.changes.types import root_changes, type_changes
from router.supergraph import Supergraph

__all__ = [
    "Change",
    "Checked",
    "Ignored",
    "Kind",
    "RecordedOperation",
    "Report",
    "Severity",
    "check",
    "format_text",
    "operations_in",
]


def check(old: Supergraph, new: Supergraph, operations: Iterable[RecordedOperation] | None = None) -> Report:
    """Compare what clients see of two supergraphs, who may see it, and who answers it.

    `operations` are what clients have sent: only those count that the old schema allows.
    """
    found = [
        *root_changes(old.api, new.api),
        *type_changes(old.api, new.api),
        *directive_changes(old.api, new.api),
        *access_changes(old, new),
        *ownership_changes(old, new),
    ]
    changes = sorted(found, key=_order)
    if operations is None:
        return Report(tuple(changes))
    checked, ignored = check_operations(old.api, new.api, operations, changes)
    return Report(tuple(changes), checked, ignored)


def _order(change: Change) -> tuple[int, str, str, str]:
    severities = list(Severity)
    return (severities.index(change.kind.severity), change.coordinate, change.kind.name, change.message)
