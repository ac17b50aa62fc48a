"""What a client sees in the end of a plan with deferred parts: everything put together, as one shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from router.plan.nodes import Deferred, Each, OutputField, OutputSelection, Path, PathKey, QueryPlan


def whole_output(plan: QueryPlan) -> OutputSelection:
    """The primary output with each part in its place. A field that several show is there once, with all that they show below it."""
    return reduce(_with_part, plan.deferred, plan.output)


def _with_part(output: OutputSelection, part: Deferred) -> OutputSelection:
    return _grafted(output, part.path, part.output)


def _grafted(output: OutputSelection, path: Path, part: OutputSelection) -> OutputSelection:
    """The output with more shown at a path."""
    if not path:
        return _joined(output, part)
    step, *rest = path
    if isinstance(step, Each):
        return _grafted(output, tuple(rest), part)
    by_type = {
        type_: tuple(_grafted_field(field, step, tuple(rest), part) for field in fields)
        if not step.on or type_ in step.on
        else fields
        for type_, fields in output.by_type.items()
    }
    return replace(output, by_type=by_type)


def _grafted_field(field: OutputField, step: PathKey, rest: Path, part: OutputSelection) -> OutputField:
    if field.source != step.key or field.selection is None:
        return field
    return replace(field, selection=_grafted(field.selection, rest, part))


def _joined(one: OutputSelection, other: OutputSelection) -> OutputSelection:
    by_type = {
        type_: _joined_fields(one.by_type.get(type_, ()), other.by_type.get(type_, ()))
        for type_ in {**one.by_type, **other.by_type}
    }
    return replace(one, by_type=by_type)


def _joined_fields(some: Sequence[OutputField], more: Sequence[OutputField]) -> tuple[OutputField, ...]:
    fields = {field.key: field for field in some}
    for field in more:
        known = fields.get(field.key)
        if known is not None and known.selection is not None and field.selection is not None:
            fields[field.key] = replace(known, selection=_joined(known.selection, field.selection))
        else:
            fields.setdefault(field.key, field)
    return tuple(fields.values())
