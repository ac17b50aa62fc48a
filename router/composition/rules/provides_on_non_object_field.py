"""PROVIDES_ON_NON_OBJECT_FIELD: a @provides stands on a field that has fields below it."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @provides on fields of scalar or enum type."""
    for use in subgraph.facts.uses.provides:
        if use.field is not None and use.target is None and use.coordinate not in subgraph.facts.external:
            problem = f'the field is of type "{use.field.type}", which has no fields to provide: remove the @provides'
            report_use(Code.PROVIDES_ON_NON_OBJECT_FIELD, use, problem, subgraph, report)
