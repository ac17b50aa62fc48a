"""INVALID_SHAREABLE_USAGE: @shareable stands on objects and their fields, once a declaration."""

from __future__ import annotations

from collections import Counter

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Element
from router.composition.model.subgraph import Subgraph


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @shareable on interface fields, and twice on one declaration."""
    for type_ in subgraph.schema.types.values():
        if type_.kind == "OBJECT":
            _check_repeated(type_, subgraph, report)
            for field in type_.fields.values():
                _check_repeated(field, subgraph, report)
        elif type_.kind == "INTERFACE":
            for field in type_.fields.values():
                if field.has("shareable"):
                    problem = "only fields of object types can be shared: mark those of the implementations"
                    _report(field, problem, subgraph, report)


def _check_repeated(element: Element, subgraph: Subgraph, report: Report) -> None:
    if not element.has("shareable"):
        return
    counts = Counter(directive.declaration for directive in element.applied("shareable"))
    if any(count > 1 for count in counts.values()):
        _report(element, "it is applied twice to one declaration: once is enough", subgraph, report)


def _report(element: Element, problem: str, subgraph: Subgraph, report: Report) -> None:
    report.error(
        Code.INVALID_SHAREABLE_USAGE,
        f'[{subgraph.name}] Invalid use of @shareable on "{element.coordinate}": {problem}.',
        coordinates=[element.coordinate],
        places=[directive.place for directive in element.applied("shareable")],
    )
