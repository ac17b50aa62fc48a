"""REQUIRES_INVALID_FIELDS, after merging: the arguments in a @requires must fit the fields as the supergraph has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.fieldset import parse_field_set, select
from router.composition.model.schema import Applied, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report arguments that merging dropped, and required ones that are not given."""
    for subgraph in subgraphs:
        for type_ in subgraph.schema.types.values():
            for field in type_.fields.values():
                for requires in field.applied("requires"):
                    for problem in _problems(type_.name, requires, supergraph):
                        report.error(
                            Code.REQUIRES_INVALID_FIELDS,
                            f'[{subgraph.name}] On "{field.coordinate}", for {requires}: {problem}.',
                            coordinates=[field.coordinate],
                            places=[requires.place],
                        )


def _problems(type_name: str, requires: Applied, supergraph: Schema) -> Iterator[str]:
    selections = parse_field_set(requires.string("fields") or "")
    for selected in select(supergraph, type_name, selections):
        if selected.field is None:
            continue
        given = {argument.name.value for argument in selected.node.arguments or ()}
        coordinate, declared = selected.field.coordinate, selected.field.arguments
        for name in given - declared.keys():
            yield f'field "{coordinate}" has no argument "{name}" in the supergraph, since not all subgraphs define it'
        for argument in declared.values():
            if argument.required and argument.name not in given:
                yield f'no value for the argument "{argument.name}" of "{coordinate}", which is required'
