"""LIST_SIZE_INVALID_SLICING_ARGUMENT: an argument that says how many items a list has is an Int of the field."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Field, Schema
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


def check_merged(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report slicing arguments that the merge leaves out, for some subgraphs do not have them."""
    for type_ in supergraph.types.values():
        for field in type_.fields.values():
            for directive in field.applied("listSize"):
                for name in strings(directive, "slicingArguments"):
                    if name not in field.arguments:
                        _report_left_out(field, name, subgraphs, report)


def _report_left_out(field: Field, name: str, subgraphs: Sequence[Subgraph], report: Report) -> None:
    argument = f"{field.coordinate}({name}:)"
    lacking = [
        s.name for s in subgraphs if s.schema.find(field.coordinate) is not None and s.schema.find(argument) is None
    ]
    report.error(
        Code.LIST_SIZE_INVALID_SLICING_ARGUMENT,
        f'@listSize on "{field.coordinate}" slices by "{name}", but the supergraph leaves that argument out, for it is not in'
        f" {wording.subgraphs(lacking)}: add it there, or slice by another.",
        coordinates=[field.coordinate, argument],
        places=[s.place(at) for s in subgraphs for at in (argument, field.coordinate)],
    )


def _problem(field: Field, name: str) -> str | None:
    argument = field.arguments.get(name)
    if argument is None:
        return f'the field has no argument "{name}" to slice by'
    if argument.type not in (_INT, NonNull(_INT)):
        return f'the slicing argument "{name}" is of type "{argument.type}", not Int'
    return None
