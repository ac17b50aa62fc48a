"""Runs a plan with deferred parts: the primary answer as soon as its fetches are answered, then each part when its own are.

One tree takes all answers; a part is what its output shows of the objects at its path. What a null costs ends at the object of the
part. Nothing is delivered for an object that the client was not shown, or of a part whose surroundings were not delivered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from router.executor.execution import ExecutionResult
from router.executor.interpreted import Interpreted
from router.executor.occurrences import occurrences
from router.executor.project import project
from router.executor.report import ClientPath, Report, client_path
from router.plan import Deferred, OutputSelection


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the answer for the object at `path`. `label` is that of the deferred fragment, None for the primary answer."""

    result: ExecutionResult
    path: ClientPath = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is ready at one time: the primary answer first and alone, then parts. The last one may be empty."""

    parts: tuple[Part, ...]
    has_next: bool


@dataclass(slots=True)
class Incremental(Interpreted):
    """One run of a plan, whose answer is taken in deliveries. `finish` is not for it."""

    _report: Report = field(init=False)
    _told: int = 0
    _shown: dict[str, Any] | None = None
    _is_begun: bool = False
    _delivered: dict[int, list[ClientPath]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._report = Report(self.denied)

    def deliveries(self) -> Iterator[Delivery]:
        """What has become ready since the last time."""
        if not self._is_begun:
            if not self._is_done(self._primary()):
                return
            primary = self._deliver_primary()
            yield Delivery((primary,), has_next=self._has_next())
        while self._has_next():
            ready = [at for at, part in enumerate(self._parts) if self._is_ready(at, part)]
            if not ready:
                return
            parts = tuple(found for at in ready for found in self._deliver(at, self._parts[at]))
            if parts or not self._has_next():
                yield Delivery(parts, has_next=self._has_next())

    # ── what is ready ───────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _parts(self) -> Sequence[Deferred]:
        return self.prepared.plan.deferred

    def _primary(self) -> list[int]:
        later = {number for part in self._parts for number in part.fetches}
        return [fetch.id for fetch in self.prepared.plan.fetches if fetch.id not in later]

    def _is_done(self, fetches: Sequence[int]) -> bool:
        return all(self._unanswered.get(number) == 0 for number in fetches)

    def _is_ready(self, at: int, part: Deferred) -> bool:
        is_due = part.within is None or part.within in self._delivered
        return at not in self._delivered and is_due and self._is_done(part.fetches)

    def _has_next(self) -> bool:
        return self._shown is not None and len(self._delivered) < len(self._parts)

    # ── what is delivered ───────────────────────────────────────────────────────────────────────────────────────────

    def _deliver_primary(self) -> Part:
        self._is_begun = True
        self._report_errors(self._primary())
        self._introspect(self._report)
        plan = self.prepared.plan
        self._shown = project(self._tree, plan.output, api=self.prepared.supergraph.api, report=self._report)
        return Part(ExecutionResult.of(self._shown, self._new_errors()))

    def _deliver(self, at: int, part: Deferred) -> Iterator[Part]:
        self._delivered[at] = []
        self._report_errors(part.fetches)
        api = self.prepared.supergraph.api
        data: dict[ClientPath, dict[str, Any] | None] = {}
        for occurrence in occurrences(self._tree, part.path):
            path = client_path(occurrence.position, self._tree, self.prepared.output)
            if not self._is_delivered(part, path):
                continue
            if not _shows(part.output, occurrence.node):
                self._delivered[at].append(path)  # nothing is shown of its type, and parts further in may be
            else:
                data[path] = project(occurrence.node, part.output, api=api, report=self._report, path=path)
        errors = _by_path(self._new_errors(), list(data))
        for path, value in data.items():
            if value is not None:
                self._delivered[at].append(path)
                _put(self._shown_at(path), value)
            yield Part(ExecutionResult.of(value, tuple(errors[path])), path, part.label)

    def _is_delivered(self, part: Deferred, path: ClientPath) -> bool:
        """Whether the client was shown the object that a part belongs to, and what the part is within."""
        around = [()] if part.within is None else self._delivered[part.within]
        return isinstance(self._shown_at(path), dict) and any(path[: len(above)] == above for above in around)

    def _shown_at(self, path: ClientPath) -> Any:
        """What the client has at a path by now."""
        node: Any = self._shown
        for key in path:
            try:
                node = node[key]
            except (LookupError, TypeError):
                return None
        return node

    # ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _report_errors(self, fetches: Sequence[int]) -> None:
        for error in self._errors:
            if error.fetch in fetches:
                self._report.add_answered(error, self._tree, self.prepared.output)

    def _new_errors(self) -> tuple[dict[str, Any], ...]:
        told, self._told = self._told, len(self._report.errors)
        return tuple(self._report.errors[told:])


def _shows(output: OutputSelection, node: Mapping[str, Any]) -> bool:
    """Whether anything is shown of an object."""
    if len(output.by_type) == 1:
        return any(output.by_type.values())
    return bool(output.by_type.get(node.get("__typename", ""), output.nameless))


def _by_path(
    errors: Sequence[dict[str, Any]], paths: Sequence[ClientPath]
) -> Mapping[ClientPath, list[dict[str, Any]]]:
    """Errors with the object that they lie below; those that are about all of them with the first."""
    told: dict[ClientPath, list[dict[str, Any]]] = {path: [] for path in paths}
    for error in errors if paths else ():
        at = tuple(error.get("path", ()))
        told[next((path for path in paths if at[: len(path)] == path), paths[0])].append(error)
    return told


def _put(shown: dict[str, Any], data: dict[str, Any]) -> None:
    """Add a part to what is shown. What is null in one of them stays as the other has it."""
    for key, value in data.items():
        known = shown.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            _put(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            _put_elements(known, value)
        elif known is None:
            shown[key] = value


def _put_elements(shown: list[Any], data: list[Any]) -> None:
    for known, value in zip(shown, data, strict=False):
        if isinstance(known, dict) and isinstance(value, dict):
            _put(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            _put_elements(known, value)
