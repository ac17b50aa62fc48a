"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: a field computed from guarded data is guarded as well as that data.

Otherwise `@requires` and `@fromContext` would hand on to anybody what only some may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.alternatives import RIGHTS, Alternatives, conjoin, implies, read_alternatives
from router.composition.model.contexts import ContextUse
from router.composition.model.fieldset import parse_field_set
from router.composition.model.report import Report
from router.composition.model.schema import Applied, Element, Field, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.model.uses import FieldSetUse
from router.composition.spec.features import AUTH_DIRECTIVES


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report fields that read further than the rights that they demand."""
    if not any(applied.name in AUTH_DIRECTIVES for element in supergraph.elements() for applied in element.directives):
        return
    for subgraph in subgraphs:
        for use in subgraph.facts.uses.requires:
            _report(use.field, use.directive, _required(use, supergraph), supergraph, subgraph, report)
        for context_use in subgraph.facts.contexts.uses:
            read = _taken(context_use, subgraph, supergraph)
            _report(context_use.field, context_use.directive, read, supergraph, subgraph, report)


def _required(use: FieldSetUse, supergraph: Schema) -> Iterator[Element]:
    if use.selections is not None:
        yield from _read(supergraph, use.type.name, use.selections)


def _taken(use: ContextUse, subgraph: Subgraph, supergraph: Schema) -> Iterator[Element]:
    """A context is read from objects of all the types that set it."""
    if use.value is None:
        return
    for setter in subgraph.facts.contexts.setters[use.value.context]:
        yield supergraph.types[setter.name]
        yield from _read(supergraph, setter.name, parse_field_set(use.value.selection))


def _report(
    field: Field | None,
    directive: Applied,
    read: Iterator[Element],
    supergraph: Schema,
    subgraph: Subgraph,
    report: Report,
) -> None:
    merged = supergraph.find_field(field.parent, field.name) if field is not None else None
    if merged is None:
        return
    guards = [supergraph.types[merged.parent], merged]
    for element in {element.coordinate: element for element in read if not _guarded_as(element, guards)}.values():
        demands = wording.series([str(applied) for applied in element.directives if applied.name in AUTH_DIRECTIVES])
        report.error(
            Code.MISSING_TRANSITIVE_AUTH_REQUIREMENTS,
            f'[{subgraph.name}] Field "{merged.coordinate}" reads "{element.coordinate}" through {directive} without'
            f" demanding what guards it: add {demands} to the field.",
            coordinates=[merged.coordinate, element.coordinate],
            places=[directive.place],
            subgraphs=[subgraph.name],
        )


def _read(schema: Schema, type_name: str, selections: SelectionSetNode) -> Iterator[Element]:
    """Everything a field set reads: fields, the types they return, the types of its fragments."""
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition.name.value if selection.type_condition else type_name
            if condition in schema.types:
                yield schema.types[condition]
                yield from _read(schema, condition, selection.selection_set)
        elif isinstance(selection, FieldNode):
            field = schema.find_field(type_name, selection.name.value)
            if field is None:
                continue
            yield field
            target = base_name(field.type)
            if target in schema.types:
                yield schema.types[target]
            if selection.selection_set is not None:
                yield from _read(schema, target, selection.selection_set)


def _guarded_as(element: Element, guards: Sequence[Element]) -> bool:
    """Whether whoever passes all the guards may read the element."""
    if element.has("authenticated") and not any(guard.has("authenticated") for guard in guards):
        return False
    return all(
        implies(conjoin([_alternatives(guard, name) for guard in guards]), _alternatives(element, name))
        for name in RIGHTS
    )


def _alternatives(element: Element, name: str) -> Alternatives:
    applications = element.applied(name)
    return read_alternatives(applications[0].arguments[RIGHTS[name]]) if applications else []
