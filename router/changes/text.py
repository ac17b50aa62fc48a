"""A report in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from router.changes.change import Change
from router.changes.kinds import Severity
from router.changes.operations import Checked
from router.changes.report import Report

CHANGES_TOLD_MAX: Final = 200  # of one severity
OPERATIONS_TOLD_MAX: Final = 50
NAMES_TOLD_MAX: Final = 3  # of operations, beside a change

_TITLES: Final = {
    Severity.BREAKING: "Breaking changes",
    Severity.DANGEROUS: "Dangerous changes",
    Severity.SAFE: "Safe changes",
}


def format_text(report: Report) -> str:
    """The changes by severity, the operations that break, and a last line that says what follows."""
    return "\n".join([*_changes(report), *_operations(report), _verdict(report)])


def _changes(report: Report) -> Iterator[str]:
    for severity, title in _TITLES.items():
        changes = report.of(severity)
        if not changes:
            continue
        yield f"{title} ({len(changes)})"
        for change in changes[:CHANGES_TOLD_MAX]:
            yield f"  {change.kind.name} {change.message}{_met(report, change)}"
        if len(changes) > CHANGES_TOLD_MAX:
            yield f"  … and {len(changes) - CHANGES_TOLD_MAX} more."
        yield ""


def _met(report: Report, change: Change) -> str:
    """Which recorded operations meet a change that may matter to them."""
    meeting = report.meeting(change)
    if meeting is None or change.kind.severity is Severity.SAFE:
        return ""
    if not meeting:
        return " No recorded operation is concerned." + (
            " Safe by usage." if change.kind.severity is Severity.BREAKING else ""
        )
    names = [met.operation.name for met in meeting[:NAMES_TOLD_MAX]]
    more = f" and {len(meeting) - NAMES_TOLD_MAX} more" if len(meeting) > NAMES_TOLD_MAX else ""
    return f" Concerns {', '.join(names)}{more}."


def _operations(report: Report) -> Iterator[str]:
    broken = report.broken
    if broken:
        yield f"Operations that break ({len(broken)})"
        for operation in broken[:OPERATIONS_TOLD_MAX]:
            yield from _broken(operation)
        if len(broken) > OPERATIONS_TOLD_MAX:
            yield f"  … and {len(broken) - OPERATIONS_TOLD_MAX} more."
        yield ""
    if report.ignored:
        yield f"Operations that were not valid before, and do not count ({len(report.ignored)})"
        for ignored in report.ignored[:OPERATIONS_TOLD_MAX]:
            yield f"  {ignored.operation.name}: {ignored.reason}"
        if len(report.ignored) > OPERATIONS_TOLD_MAX:
            yield f"  … and {len(report.ignored) - OPERATIONS_TOLD_MAX} more."
        yield ""


def _broken(checked: Checked) -> Iterator[str]:
    operation = checked.operation
    times = "once" if operation.count == 1 else f"{operation.count} times"
    at = f", {operation.source}" if operation.source and operation.source != operation.name else ""
    yield f"  {operation.name} ({times}{at})"
    for error in checked.errors:
        yield f"    it is not valid now: {error}"
    for change in checked.changes:
        if change.kind.severity is Severity.BREAKING:
            yield f"    it meets {change.kind.name}: {change.message}"


def _verdict(report: Report) -> str:
    breaking = len(report.of(Severity.BREAKING))
    if report.operations is None:
        return f"Clients break: {_count(breaking, 'breaking change')}." if report.breaks else "No client breaks."
    checked = _count(len(report.operations), "recorded operation")
    if not report.operations:
        verdict = f"{_count(breaking, 'breaking change')} may break them" if breaking else "no client breaks"
        return f"No recorded operation was valid before, so nothing is known of what clients ask: {verdict}."
    if report.breaks:
        return f"Clients break: {len(report.broken)} of {checked}."
    return f"No client breaks: none of {checked} meets one of {_count(breaking, 'breaking change')}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
