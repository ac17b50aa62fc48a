"""Bills as tables: for each request of a plan, what its fields cost and why.

request 1 to wallet (query)                                  items × (weight + below) + arguments =  cost
wallet                                                           1          1      40            0     41
  transactions(first: $n)                        @listSize      20          1       1            0     40
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from router.cost.bill import Bill, Field, Line, cost_of
from router.cost.formula import Variables, value_of
from router.cost.plan import Cost
from router.plan import Fetch

_HEADINGS: Final = ("items", "× (weight", "+ below)", "+ arguments", "= cost")


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    sized_by: str = ""
    figures: tuple[str, ...] = ()


def show_bills(bills: Iterable[tuple[Fetch, Bill]], cost: Cost, variables: Variables) -> str:
    """A table for each request, and the total. Raises CostUnknown."""
    tables = [_table(fetch, bill, variables) for fetch, bill in bills]
    by_subgraph = ", ".join(f"{name} {spent:,.0f}" for name, spent in cost.by_subgraph.items())
    total = f"The operation is estimated to cost {cost.total:,.0f}{f' ({by_subgraph})' if by_subgraph else ''}."
    return "\n\n".join([*tables, total])


def _table(fetch: Fetch, bill: Bill, variables: Variables) -> str:
    whole = value_of(bill.cost, variables)
    rows = [
        _Row(f"request {fetch.id} to {fetch.subgraph} ({fetch.kind})", "", _HEADINGS),
        *_rows(bill.lines, variables),
    ]
    if bill.surcharge:
        rows.append(_Row("for being a mutation", "", ("", "", "", "", f"{bill.surcharge:,}")))
    rows.append(_Row("in all", "", ("", "", "", "", f"{whole:,}")))
    return "\n".join(_aligned(rows))


def _rows(lines: Iterable[Line], variables: Variables, indent: str = "") -> Iterator[_Row]:
    for line in lines:
        if isinstance(line, Field):
            yield _row(line, variables, indent)
        else:
            yield _Row(f"{indent}... on {line.on}")
        yield from _rows(line.lines, variables, indent + "  ")


def _row(field: Field, variables: Variables, indent: str) -> _Row:
    figures = (
        value_of(field.size, variables),
        field.price.weight,
        value_of(cost_of(field.lines), variables),
        value_of(field.arguments, variables),
        value_of(field.cost, variables),
    )
    alias = "" if field.key == field.name else f"{field.key}: "
    return _Row(f"{indent}{alias}{field.name}", field.sized_by, tuple(f"{figure:,}" for figure in figures))


def _aligned(rows: Sequence[_Row]) -> Iterator[str]:
    label = max(len(row.label) for row in rows)
    sized_by = max(len(row.sized_by) for row in rows)
    widths = [max(len(row.figures[at]) for row in rows if row.figures) for at in range(len(_HEADINGS))]
    for row in rows:
        figures = "  ".join(figure.rjust(width) for figure, width in zip(row.figures, widths, strict=False))
        yield f"{row.label:<{label}}  {row.sized_by:<{sized_by}}  {figures}".rstrip()
