"""What the rules on @fromContext have in common: which uses they look at, and how they report."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.contexts import ContextUse
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph


def uses_on_objects(subgraph: Subgraph) -> list[ContextUse]:
    """The uses on fields of object types: all others are reported as such, and for nothing else."""
    return [use for use in subgraph.facts.contexts.uses if use.type is not None and use.type.kind == "OBJECT"]


def report_use(code: Code, use: ContextUse, problem: str, subgraph: Subgraph, report: Report) -> None:
    """Report a problem of a @fromContext at the directive."""
    report.error(
        code,
        f'[{subgraph.name}] The argument "{use.argument.coordinate}" cannot be taken by {use.directive}: {problem}.',
        coordinates=[use.argument.coordinate],
        places=[use.directive.place],
        subgraphs=[subgraph.name],
    )
