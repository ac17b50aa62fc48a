"""REFERENCED_INACCESSIBLE: what clients see is of types that they see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Argument, Field, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.rules.visibility import arguments, hidden, owned_types, report_hidden, visible_fields
from router.composition.spec.link import Feature


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


def check_features(
    supergraph: Schema, features: Sequence[Feature], subgraphs: Sequence[Subgraph], report: Report
) -> None:
    """Report fields and arguments of types that clients do not see, for they go by a linked specification's name."""
    owned = owned_types(supergraph, features)
    for element in _visible(supergraph) if owned else ():
        name = base_name(element.type)
        if name in owned and element.coordinate.partition(".")[0] not in owned:
            message = (
                f'Type "{name}" goes by the name of the specification {owned[name].url}, which the supergraph links and'
                f' clients do not see, but "{element.coordinate}" is of that type: rename the type.'
            )
            report_hidden(report, Code.REFERENCED_INACCESSIBLE, message, [name, element.coordinate], subgraphs)


def _visible(supergraph: Schema) -> Iterator[Field | Argument]:
    yield from (field for _, field in visible_fields(supergraph))
    yield from (argument for argument in arguments(supergraph) if not hidden(argument))
