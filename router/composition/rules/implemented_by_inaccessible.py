"""IMPLEMENTED_BY_INACCESSIBLE: what an interface shows, its visible implementations show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Element, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.rules.visibility import hidden, report_hidden, visible_types


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report inaccessible fields and arguments that implement visible ones."""
    for type_ in visible_types(supergraph):
        for interface in type_.interfaces:
            declared = supergraph.types[interface]
            if hidden(declared):
                continue
            for own, implemented in _hiding(type_, declared):
                message = (
                    f'"{own.coordinate}" is @inaccessible but implements "{implemented.coordinate}", which clients see.'
                )
                coordinates = [own.coordinate, implemented.coordinate]
                report_hidden(report, Code.IMPLEMENTED_BY_INACCESSIBLE, message, coordinates, subgraphs)


def _hiding(type_: Type, interface: Type) -> Iterator[tuple[Element, Element]]:
    for field in type_.fields.values():
        implemented = interface.fields.get(field.name)
        if implemented is None or hidden(implemented):
            continue
        if hidden(field):
            yield field, implemented
            continue
        for argument in field.arguments.values():
            declared = implemented.arguments.get(argument.name)
            if hidden(argument) and declared is not None and not hidden(declared):
                yield argument, declared
