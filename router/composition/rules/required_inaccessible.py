"""REQUIRED_INACCESSIBLE: what clients must give, they must see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Argument, Field, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.rules.visibility import arguments, hidden, report_hidden, visible_fields, visible_types


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report inaccessible arguments and input fields that are required, by themselves or by an implementation."""
    for element in _hidden_inputs(supergraph):
        if element.required:
            message = f'"{element.coordinate}" is @inaccessible but required: give it a default, or make it nullable.'
            report_hidden(report, Code.REQUIRED_INACCESSIBLE, message, [element.coordinate], subgraphs)
    for type_, field in visible_fields(supergraph):
        if type_.kind == "INTERFACE":
            _check_implementations(type_, field, supergraph, subgraphs, report)


def _hidden_inputs(supergraph: Schema) -> Iterator[Argument | Field]:
    yield from (argument for argument in arguments(supergraph) if hidden(argument))
    for type_ in visible_types(supergraph):
        if type_.kind == "INPUT_OBJECT":
            yield from (field for field in type_.fields.values() if hidden(field))


def _check_implementations(
    interface: Type, field: Field, supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report
) -> None:
    """Through the interface nobody could give an argument that an implementation demands."""
    for argument in field.arguments.values():
        if not hidden(argument):
            continue
        for demanded in _implementations(interface, argument, field.name, supergraph):
            if demanded.required:
                message = (
                    f'Argument "{argument.coordinate}" is @inaccessible but "{demanded.coordinate}", which implements'
                    " it, is required: make both visible, or that one optional."
                )
                coordinates = [argument.coordinate, demanded.coordinate]
                report_hidden(report, Code.REQUIRED_INACCESSIBLE, message, coordinates, subgraphs)


def _implementations(interface: Type, argument: Argument, field: str, supergraph: Schema) -> Iterator[Argument]:
    """The visible arguments that implement one of an interface."""
    for type_ in visible_types(supergraph):
        own = type_.fields.get(field) if interface.name in type_.interfaces else None
        implementing = own.arguments.get(argument.name) if own is not None and not hidden(own) else None
        if implementing is not None and not hidden(implementing):
            yield implementing
