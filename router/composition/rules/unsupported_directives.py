"""UNSUPPORTED_FEATURE: directives that composition does not carry yet are refused, since dropping them changes what is served."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report

_UNSUPPORTED = frozenset({"context", "fromContext", "composeDirective", "cacheTag"})


def check(subgraph: Subgraph, report: Report) -> None:
    """Report directives of the federation specification that are not composed."""
    used = [
        (directive, element.coordinate) for element in subgraph.schema.elements() for directive in element.directives
    ]
    used += [(directive, "schema") for directive in subgraph.schema.directives]
    for directive, coordinate in used:
        if directive.name in _UNSUPPORTED:
            report.error(
                Code.UNSUPPORTED_FEATURE,
                f'[{subgraph.name}] {directive} on "{coordinate}" is not supported by this composition: remove it.',
                coordinates=[coordinate],
                places=[directive.place],
            )
