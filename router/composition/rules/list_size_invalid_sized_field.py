"""LIST_SIZE_INVALID_SIZED_FIELD: a sized field is one of the type that the field returns."""

from __future__ import annotations

from collections.abc import Iterator

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Applied, Field
from router.composition.model.subgraph import Subgraph
from router.composition.rules.list_sizes import composite_target, list_sizes, report_list_size, strings


def check(subgraph: Subgraph, report: Report) -> None:
    """Report sized fields that are not there."""
    for field, directive in list_sizes(subgraph):
        for problem in _problems(field, directive, subgraph):
            report_list_size(
                Code.LIST_SIZE_INVALID_SIZED_FIELD, problem, subgraph, report, field=field, directive=directive
            )


def _problems(field: Field, directive: Applied, subgraph: Subgraph) -> Iterator[str]:
    names = strings(directive, "sizedFields")
    target = composite_target(field, subgraph)
    if names and target is None:
        yield f'type "{field.type}" has no fields to size'
    for name in names if target is not None else ():
        if target is not None and name not in target.fields and name != "__typename":
            yield f'type "{target.name}" has no field "{name}" to size'
