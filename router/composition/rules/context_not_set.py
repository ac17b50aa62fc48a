"""CONTEXT_NOT_SET: an argument is taken from a context where some type sets it, on a field that can have such arguments."""

from __future__ import annotations

from collections.abc import Iterator

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.contexts import ContextUse
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.contexts import report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Report uses of contexts that are not there, and uses where no context can be."""
    for use in subgraph.facts.contexts.uses:
        for problem in _problems(use, subgraph):
            report_use(Code.CONTEXT_NOT_SET, use, problem, subgraph, report)


def _problems(use: ContextUse, subgraph: Subgraph) -> Iterator[str]:
    if use.type is None or use.field is None:
        yield "it is an argument of a directive, and only those of fields come from a context"
        return
    if use.type.kind != "OBJECT":
        yield "its field is that of an interface: use @fromContext on the fields of object types that implement nothing"
        return
    yield from _on_implementation(use.type.interfaces, use.field.name, subgraph)
    if use.argument.default is not None:
        yield "it has a default, which would never be used: remove the default"
    if use.value is not None and use.value.context not in subgraph.facts.contexts.setters:
        yield f'no type of the subgraph sets the context "{use.value.context}" ({_known(subgraph)})'


def _on_implementation(interfaces: tuple[str, ...], field: str, subgraph: Subgraph) -> Iterator[str]:
    for interface in interfaces:
        declared = subgraph.schema.find_field(interface, field)
        if declared is not None:
            yield f'its field implements "{declared.coordinate}", and through the interface no context is known'


def _known(subgraph: Subgraph) -> str:
    names = [f'"{name}"' for name in sorted(subgraph.facts.contexts.setters)]
    return f"it knows {wording.series(names)}" if names else "it sets none"
