"""LIST_SIZE_INVALID_ASSUMED_SIZE: no list has fewer than no items."""

from __future__ import annotations

from graphql import IntValueNode

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.list_sizes import list_sizes, report_list_size


def check(subgraph: Subgraph, report: Report) -> None:
    """Report negative sizes."""
    for field, directive in list_sizes(subgraph):
        size = directive.arguments.get("assumedSize")
        if isinstance(size, IntValueNode) and int(size.value) < 0:
            problem = f"the assumed size {size.value} is negative"
            report_list_size(
                Code.LIST_SIZE_INVALID_ASSUMED_SIZE, problem, subgraph, report, field=field, directive=directive
            )
