"""ONLY_INACCESSIBLE_CHILDREN: a type that clients see has something to show."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Element, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.rules.visibility import hidden, report_hidden, visible_types


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report visible types whose fields, members or values are all inaccessible."""
    for type_ in visible_types(supergraph):
        children = _children(type_, supergraph)
        if children and all(hidden(child) for child in children):
            message = (
                f'Type "{type_.name}" is visible to clients but all its parts are @inaccessible: hide the type too.'
            )
            coordinates = [type_.name, *(child.coordinate for child in children)]
            report_hidden(report, Code.ONLY_INACCESSIBLE_CHILDREN, message, coordinates, subgraphs)


def _children(type_: Type, supergraph: Schema) -> list[Element]:
    members = [supergraph.types[member] for member in type_.members]
    return [*type_.fields.values(), *type_.values.values(), *members]
