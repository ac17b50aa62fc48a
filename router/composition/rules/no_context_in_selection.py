"""NO_CONTEXT_IN_SELECTION: a @fromContext names a context and what to take from it."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.contexts import report_use, uses_on_objects


def check(subgraph: Subgraph, report: Report) -> None:
    """Report uses that name no context, or nothing to take from it."""
    for use in uses_on_objects(subgraph):
        if use.value is None:
            problem = 'write field: "$context { … }", with the name of a context and what to take from it'
            report_use(Code.NO_CONTEXT_IN_SELECTION, use, problem, subgraph, report)
