"""Bills as tables: for each request of a plan, what its fields cost and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from router.cost.bill import Bill, Field, Line, cost_of
from router.cost.formula import Variables, value_of
from router.plan import Fetch
from router.plan.paths import path_items

_HEADINGS: Final = ("items", "× (weight", "+ below)", "+ arguments", "= cost")


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    sized_by: str = ""
    figures: tuple[str, ...] = ()


def show_bills(bills: Sequence[tuple[Fetch, Bill]], variables: Variables) -> str:
    """A table for each request, and the sum. Raises CostUnknown."""
    tables = [_table(fetch, bill, variables) for fetch, bill in bills]
    costs = [(fetch.subgraph, value_of(bill.cost, variables)) for fetch, bill in bills]
    total = f"The operation is estimated to cost {sum(cost for _, cost in costs):,}."
    subgraphs = sorted({subgraph for subgraph, _ in costs})
    if len(subgraphs) > 1:
        sums = [f"{sum(cost for at, cost in costs if at == name):,} in {name}" for name in subgraphs]
        total = f"{total[:-1]}: {', '.join(sums)}."
    return "\n\n".join([*tables, total])


def _table(fetch: Fetch, bill: Bill, variables: Variables) -> str:
    rows = [_Row("field", "sized by", _HEADINGS), *_rows(bill.lines, variables)]
    if bill.surcharge:
        rows.append(_sum("for being a mutation", bill.surcharge))
    rows.append(_sum("in all", value_of(bill.cost, variables)))
    return "\n".join([_title(fetch), *(f"  {line}" for line in _aligned(rows))])


def _title(fetch: Fetch) -> str:
    places = [".".join(path_items(anchor.path)) for anchor in fetch.anchors]
    return f"request {fetch.id} to {fetch.subgraph}: {f'entities at {places[0]}' if places else fetch.kind}"


def _sum(label: str, cost: int) -> _Row:
    return _Row(label, "", (*[""] * (len(_HEADINGS) - 1), f"{cost:,}"))


def _rows(lines: Iterable[Line], variables: Variables, indent: str = "") -> Iterator[_Row]:
    for line in lines:
        if isinstance(line, Field):
            yield _row(line, variables, indent)
        else:
            yield _Row(f"{indent}... on {line.on}")
        yield from _rows(line.lines, variables, indent + "  ")


def _row(field: Field, variables: Variables, indent: str) -> _Row:
    label = f"{indent}{field.name}" if field.key == field.name else f"{indent}{field.key}: {field.name}"
    figures = (
        value_of(field.size, variables),
        field.price.weight,
        value_of(cost_of(field.lines), variables),
        value_of(field.arguments, variables),
        value_of(field.cost, variables),
    )
    if not any(figures[1:]):
        return _Row(label)  # nothing to explain
    return _Row(label, field.sized_by, tuple(f"{figure:,}" for figure in figures))


def _aligned(rows: Sequence[_Row]) -> Iterator[str]:
    label = max(len(row.label) for row in rows)
    sized_by = max(len(row.sized_by) for row in rows)
    widths = [max(len(row.figures[at]) for row in rows if row.figures) for at in range(len(_HEADINGS))]
    for row in rows:
        figures = "  ".join(figure.rjust(width) for figure, width in zip(row.figures, widths, strict=False))
        yield f"{row.label:<{label}}  {row.sized_by:<{sized_by}}  {figures}".rstrip()
