"""REFERENCED_INACCESSIBLE: what clients see is of types that they see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Argument, Field, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.rules.visibility import arguments, hidden, report_hidden, visible_fields


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report visible fields and arguments whose type is inaccessible."""
    hidden_types = {type_.name for type_ in supergraph.types.values() if hidden(type_)}
    for element in _visible(supergraph) if hidden_types else ():
        type_name = base_name(element.type)
        if type_name in hidden_types:
            message = (
                f'Type "{type_name}" is @inaccessible but "{element.coordinate}", which clients see, is of that type:'
                " make that @inaccessible too."
            )
            coordinates = [type_name, element.coordinate]
            report_hidden(report, Code.REFERENCED_INACCESSIBLE, message, coordinates, subgraphs)


def _visible(supergraph: Schema) -> Iterator[Field | Argument]:
    yield from (field for _, field in visible_fields(supergraph))
    yield from (argument for argument in arguments(supergraph) if not hidden(argument))
