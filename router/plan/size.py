"""How much memory a plan takes, for the cache that has to bound it. An estimate on the safe side, not a measurement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from router.plan.nodes import OutputSelection, QueryPlan

# Weights in bytes, fitted on CPython 3.11 over random plans so that no estimate is below what the values take.
_PLAN: Final = 1_000
_FETCH: Final = 2_000
_CHARACTER: Final = 2
_SELECTION: Final = 600
_FIELD: Final = 150


def size_of(plan: QueryPlan) -> int:
    """Bytes, one to four times what the plan's values take; schema types that it refers to are not its own."""
    characters = sum(len(fetch.operation) for fetch in plan.fetches)
    seen: set[int] = set()
    outputs = [plan.output, *(part.output for part in plan.deferred)]
    selections = [selection for output in outputs for selection in _selections(output, seen)]
    fields = sum(len(shown) for selection in selections for shown in selection.by_type.values())
    steps = len(plan.fetches) + len(plan.deferred)
    return _PLAN + _FETCH * steps + _CHARACTER * characters + _SELECTION * len(selections) + _FIELD * fields


def _selections(output: OutputSelection, seen: set[int]) -> Iterator[OutputSelection]:
    """Every selection once: one that holds for several types is shared by them."""
    if id(output) in seen:
        return
    seen.add(id(output))
    yield output
    for fields in output.by_type.values():
        for field in fields:
            if field.selection is not None:
                yield from _selections(field.selection, seen)
