"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: interfaces take their requirements from their implementations."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Element
from router.composition.model.subgraph import Subgraph
from router.composition.spec.features import AUTH_DIRECTIVES


def check(subgraph: Subgraph, report: Report) -> None:
    """Report authorization directives on interfaces, their fields, and interface objects."""
    for type_ in subgraph.schema.types.values():
        if type_.kind == "INTERFACE" or type_.has("interfaceObject"):
            _check(type_, subgraph, report)
        if type_.kind == "INTERFACE":
            for field in type_.fields.values():
                _check(field, subgraph, report)


def _check(element: Element, subgraph: Subgraph, report: Report) -> None:
    for directive in element.directives:
        if directive.name in AUTH_DIRECTIVES:
            report.error(
                Code.AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE,
                f'[{subgraph.name}] @{directive.name} cannot stand on "{element.coordinate}": apply it to the'
                " implementations, from which interfaces and interface objects take it.",
                coordinates=[element.coordinate],
                places=[directive.place],
            )
