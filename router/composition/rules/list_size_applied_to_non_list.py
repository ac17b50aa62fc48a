"""LIST_SIZE_APPLIED_TO_NON_LIST: what @listSize sizes, the field itself or the sized fields below it, are lists."""

from __future__ import annotations

from collections.abc import Iterator

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Applied, Field
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import is_list
from router.composition.rules.list_sizes import composite_target, list_sizes, report_list_size, strings


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @listSize that has no list to size."""
    for field, directive in list_sizes(subgraph):
        for problem in _problems(field, directive, subgraph):
            report_list_size(
                Code.LIST_SIZE_APPLIED_TO_NON_LIST, problem, subgraph, report, field=field, directive=directive
            )


def _problems(field: Field, directive: Applied, subgraph: Subgraph) -> Iterator[str]:
    names = strings(directive, "sizedFields")
    if not names and not is_list(field.type):
        yield f'the field is of type "{field.type}", which is not a list: name the list below it in sizedFields'
    target = composite_target(field, subgraph)
    for name in names if target is not None else ():
        sized = subgraph.schema.find_field(target.name, name) if target is not None else None
        if sized is not None and not is_list(sized.type):
            yield f'the sized field "{sized.coordinate}" is of type "{sized.type}", which is not a list'
