"""REQUIRES_*: a @requires names external fields of the type that it stands in."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report
from router.composition.rules.field_sets import FieldSetUse, check_fields, check_leaves_external, report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Check every @requires of a subgraph."""
    for type_ in subgraph.schema.types.values():
        for field in type_.fields.values():
            for requires in field.applied("requires"):
                use = FieldSetUse(requires, field.coordinate, type_.name)
                if type_.kind == "INTERFACE":
                    problem = "@requires is not supported on interface fields"
                    report_use(use, Code.REQUIRES_UNSUPPORTED_ON_INTERFACE, problem, subgraph, report)
                selections = check_fields(use, subgraph, report, arguments_allowed=True)
                if selections is not None:
                    check_leaves_external(use, selections, subgraph, report)
