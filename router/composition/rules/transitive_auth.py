"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: a field computed from guarded data is guarded as well as that data.

Otherwise `@requires` would hand on to anybody what only some may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.composition.codes import Code
from router.composition.merge.strategies import Alternatives, conjoin, read_alternatives
from router.composition.model.fieldset import parse_field_set
from router.composition.model.schema import Element, Schema
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.report import Report

_ARGUMENTS = {"requiresScopes": "scopes", "policy": "policies"}


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report @requires that reach further than the rights that their field demands."""
    for subgraph in subgraphs:
        for type_ in subgraph.schema.types.values():
            for field in type_.fields.values():
                merged = supergraph.find_field(type_.name, field.name)
                for requires in field.applied("requires") if merged is not None else ():
                    assert merged is not None
                    guards = [supergraph.types[type_.name], merged]
                    read = _read(supergraph, type_.name, parse_field_set(requires.string("fields") or ""))
                    for element in dict.fromkeys(e.coordinate for e in read if not _guarded_as(e, guards)):
                        report.error(
                            Code.MISSING_TRANSITIVE_AUTH_REQUIREMENTS,
                            f'[{subgraph.name}] Field "{field.coordinate}" reads "{element}" through {requires} without'
                            " demanding the @authenticated, @requiresScopes or @policy that guards it.",
                            coordinates=[field.coordinate, element],
                            places=[requires.place],
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
        _implies(conjoin([_alternatives(guard, name) for guard in guards]), _alternatives(element, name))
        for name in _ARGUMENTS
    )


def _implies(given: Alternatives, demanded: Alternatives) -> bool:
    """Whether each way to satisfy `given` satisfies `demanded`."""
    return all(any(set(every) <= set(having) for every in demanded or [()]) for having in given or [()])


def _alternatives(element: Element, name: str) -> Alternatives:
    applications = element.applied(name)
    return read_alternatives(applications[0].arguments[_ARGUMENTS[name]]) if applications else []
