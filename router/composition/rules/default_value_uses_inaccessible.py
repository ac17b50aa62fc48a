"""DEFAULT_VALUE_USES_INACCESSIBLE: a default that clients see says nothing that they cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import EnumValueNode, ListValueNode, ObjectValueNode, ValueNode

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Element, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.rules.visibility import hidden, report_hidden, visible_inputs


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report visible defaults that use inaccessible enum values or input fields."""
    for element in visible_inputs(supergraph):
        if element.default is None:
            continue
        for used in _hidden_parts(supergraph, base_name(element.type), element.default):
            message = (
                f'"{used.coordinate}" is @inaccessible but the default value of "{element.coordinate}", which clients'
                " see, uses it: choose another default, or make it visible."
            )
            coordinates = [used.coordinate, element.coordinate]
            report_hidden(report, Code.DEFAULT_VALUE_USES_INACCESSIBLE, message, coordinates, subgraphs)


def _hidden_parts(schema: Schema, type_name: str, value: ValueNode) -> Iterator[Element]:
    """The hidden parts of visible types that a value uses; of hidden types nothing can be seen, default or not."""
    type_ = schema.types.get(type_name)
    if isinstance(value, ListValueNode):
        for item in value.values:
            yield from _hidden_parts(schema, type_name, item)
    elif type_ is not None and isinstance(value, EnumValueNode) and value.value in type_.values:
        part = type_.values[value.value]
        if hidden(part) and not hidden(type_):
            yield part
    elif type_ is not None and isinstance(value, ObjectValueNode):
        for entry in value.fields:
            field = type_.fields.get(entry.name.value)
            if field is None:
                continue
            if hidden(field) and not hidden(type_):
                yield field
            yield from _hidden_parts(schema, base_name(field.type), entry.value)
