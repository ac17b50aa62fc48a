"""CONTEXT_INVALID_SELECTION: what is selected from a context is one leaf that fits the argument, on every type that sets it."""

from __future__ import annotations

from collections.abc import Iterator

from router.composition.codes import Code
from router.composition.model.contexts import ContextUse
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.context_selection import ContextSelection, read_selection
from router.composition.rules.contexts import report_use, uses_on_objects


def check(subgraph: Subgraph, report: Report) -> None:
    """Report selections that do not parse, select several things, or something that the argument does not take."""
    for use in uses_on_objects(subgraph):
        for problem in dict.fromkeys(_problems(use, subgraph)):
            report_use(Code.CONTEXT_INVALID_SELECTION, use, problem, subgraph, report)


def _problems(use: ContextUse, subgraph: Subgraph) -> Iterator[str]:
    setters = subgraph.facts.contexts.setters.get(use.value.context, ()) if use.value is not None else ()
    if use.value is None or not setters:
        return
    read = read_selection(use.value.selection, subgraph.schema)
    if not isinstance(read, ContextSelection):
        yield read
        return
    yield from read.form_problems()
    for setter in setters:
        yield from read.problems_on(setter, use.argument.type)
    for condition in read.unused([setter.name for setter in setters]):
        yield f'the fragment on "{condition}" never applies: no such type sets the context "{use.value.context}"'
