"""REFERENCED_INACCESSIBLE: what clients see is of types that they see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.schema import Argument, Field, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.report import Report
from router.composition.rules.visibility import hidden, report_hidden, visible_fields


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report visible fields and arguments whose type is inaccessible."""
    for element in _visible(supergraph):
        type_name = base_name(element.type)
        target = supergraph.types.get(type_name)
        if target is not None and hidden(target):
            message = (
                f'Type "{type_name}" is @inaccessible but "{element.coordinate}", which clients see, is of that type:'
                " make that @inaccessible too."
            )
            coordinates = [type_name, element.coordinate]
            report_hidden(report, Code.REFERENCED_INACCESSIBLE, message, coordinates, subgraphs)


def _visible(supergraph: Schema) -> Iterator[Field | Argument]:
    for _, field in visible_fields(supergraph):
        yield field
        yield from (argument for argument in field.arguments.values() if not hidden(argument))
