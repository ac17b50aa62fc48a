"""REQUIRES_INVALID_FIELDS: the fields of a @requires parse and exist, and their arguments fit the supergraph too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import FieldNode

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Field, Schema
from router.composition.model.selected import argument_problems, select
from router.composition.model.subgraph import Subgraph
from router.composition.model.uses import FieldSetUse
from router.composition.rules.field_sets import check_fit, report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @requires that do not fit their type."""
    check_fit(Code.REQUIRES_INVALID_FIELDS, subgraph.facts.uses.requires, subgraph, report)


def check_merged(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report arguments that merging dropped, required ones that are not given, and values that no longer fit."""
    for subgraph in subgraphs:
        for use in subgraph.facts.uses.requires:
            for problem in _merged_problems(use, supergraph, subgraphs):
                report_use(Code.REQUIRES_INVALID_FIELDS, use, f"in the supergraph {problem}", subgraph, report)


def _merged_problems(use: FieldSetUse, supergraph: Schema, subgraphs: Sequence[Subgraph]) -> Iterator[str]:
    for node, field in _merged(use, supergraph):
        if field.arguments or node.arguments:
            for problem in argument_problems(supergraph, field, node):
                yield f"{problem} ({_declarations(field, subgraphs)})"


def _merged(use: FieldSetUse, supergraph: Schema) -> Iterator[tuple[FieldNode, Field]]:
    """The supergraph's fields that a set names: those of the subgraph's own types where the supergraph's are wider."""
    selected = select(supergraph, use.type.name, use.selections) if use.selections else ()
    wide = {id(each.node): each.field for each in selected}
    for own in use.selected:
        field = wide.get(id(own.node)) or supergraph.find_field(own.parent, own.node.name.value)
        if field is not None:
            yield own.node, field


def _declarations(field: Field, subgraphs: Sequence[Subgraph]) -> str:
    """Which arguments the subgraphs declare: the supergraph has those that all of them do."""
    declared = [
        (s.name, found) for s in subgraphs if (found := s.schema.find_field(field.parent, field.name)) is not None
    ]
    return wording.variants((name, _signature(found)) for name, found in declared)


def _signature(field: Field) -> str:
    arguments = ", ".join(f"{argument.name}: {argument.type}" for argument in field.arguments.values())
    return f'"{field.name}({arguments})"' if arguments else f'"{field.name}"'
