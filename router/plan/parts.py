"""A plan with deferred parts as they nest, for showing it: who fetches for which part, and what each waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from router.plan.nodes import Deferred, Fetch, OutputField, OutputSelection, QueryPlan


@dataclass(frozen=True, slots=True)
class Branch:
    """The primary answer, or a deferred part, with the parts that are within it. `depends` are fetches that are not its own."""

    output: OutputSelection
    fetches: tuple[Fetch, ...]
    part: Deferred | None = None
    depends: tuple[int, ...] = ()
    within: tuple[Branch, ...] = ()


def branches_of(plan: QueryPlan) -> Branch:
    """The primary answer of a plan, with everything that is deferred in it."""
    later = {number for part in plan.deferred for number in part.fetches}
    own = tuple(fetch for fetch in plan.fetches if fetch.id not in later)
    return Branch(plan.output, own, within=_within(plan, None))


def _within(plan: QueryPlan, around: int | None) -> tuple[Branch, ...]:
    return tuple(_branch(plan, at, part) for at, part in enumerate(plan.deferred) if part.within == around)


def _branch(plan: QueryPlan, at: int, part: Deferred) -> Branch:
    own = tuple(fetch for fetch in plan.fetches if fetch.id in part.fetches)
    depends = sorted({before for fetch in own for before in fetch.after}.difference(part.fetches))
    return Branch(part.output, own, part, tuple(depends), _within(plan, at))


def depended_on(branch: Branch) -> frozenset[int]:
    """The fetches that parts wait for."""
    return frozenset(branch.depends).union(*map(depended_on, branch.within))


def selection_lines(output: OutputSelection) -> list[str]:
    """What is shown, as GraphQL: fields that all types have alike once, the others by type."""
    by_type = {type_: _field_lines(fields) for type_, fields in output.by_type.items()}
    if len({tuple(lines) for lines in by_type.values()}) == 1:
        return next(iter(by_type.values()))
    return [line for type_, lines in by_type.items() if lines for line in _braced(f"... on {type_}", lines)]


def _field_lines(fields: Iterable[OutputField]) -> list[str]:
    lines: list[str] = []
    for field in fields:
        head = field.name if field.key == field.name else f"{field.key}: {field.name}"
        lines += [head] if field.selection is None else _braced(head, selection_lines(field.selection))
    return lines


def _braced(head: str, lines: Iterable[str]) -> list[str]:
    return [f"{head} {{", *(f"  {line}" for line in lines), "}"]
