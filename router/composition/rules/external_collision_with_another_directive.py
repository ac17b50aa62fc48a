"""EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE: a field that is resolved elsewhere provides nothing here."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Report fields that are both @external and @provides."""
    for use in subgraph.facts.uses.provides:
        if use.coordinate in subgraph.facts.external:
            problem = "a field cannot be both @external and @provides: remove one of the two"
            report_use(Code.EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE, use, problem, subgraph, report)
