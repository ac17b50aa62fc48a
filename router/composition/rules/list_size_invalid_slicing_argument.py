"""LIST_SIZE_INVALID_SLICING_ARGUMENT: an argument that says how many items a list has is an Int of the field."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Field
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import Named, NonNull
from router.composition.rules.list_sizes import list_sizes, report_list_size, strings

_INT = Named("Int")


def check(subgraph: Subgraph, report: Report) -> None:
    """Report slicing arguments that are not there, or of another type."""
    for field, directive in list_sizes(subgraph):
        for name in strings(directive, "slicingArguments"):
            problem = _problem(field, name)
            if problem is not None:
                report_list_size(
                    Code.LIST_SIZE_INVALID_SLICING_ARGUMENT, problem, subgraph, report, field=field, directive=directive
                )


def _problem(field: Field, name: str) -> str | None:
    argument = field.arguments.get(name)
    if argument is None:
        return f'the field has no argument "{name}" to slice by'
    if argument.type not in (_INT, NonNull(_INT)):
        return f'the slicing argument "{name}" is of type "{argument.type}", not Int'
    return None
