"""What the rules on @key, @requires and @provides have in common: their argument is a set of fields that must fit a type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.composition.codes import Code
from router.composition.model.fieldset import condition_of, directives_in
from router.composition.model.report import Report
from router.composition.model.schema import Field
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.model.uses import FieldSetUse, implementations


def provides_with_target(subgraph: Subgraph) -> list[FieldSetUse]:
    """The uses of @provides that can provide anything: the others are reported as such, and for nothing else."""
    external = subgraph.facts.external
    return [use for use in subgraph.facts.uses.provides if use.target is not None and use.coordinate not in external]


def check_type(code: Code, uses: Sequence[FieldSetUse], subgraph: Subgraph, report: Report) -> None:
    """Report arguments that are no strings."""
    for use in uses:
        if use.fields is None:
            report_use(code, use, 'the argument "fields" must be a string', subgraph, report)


def check_fit(code: Code, uses: Sequence[FieldSetUse], subgraph: Subgraph, report: Report) -> None:
    """Report sets that do not parse, and whatever makes them unfit for their type."""
    for use in uses:
        for problem in use.problems:
            report_use(code, use, problem, subgraph, report)


def check_directives(code: Code, uses: Sequence[FieldSetUse], subgraph: Subgraph, report: Report) -> None:
    """Report directives within sets."""
    for use in uses:
        if use.selections is not None and use.fit:
            for name in directives_in(use.selections):
                report_use(code, use, f'"@{name}" cannot stand in a field set', subgraph, report)


def check_arguments(code: Code, uses: Sequence[FieldSetUse], subgraph: Subgraph, report: Report) -> None:
    """Report fields that take arguments, given or not."""
    for use in uses:
        for selected in use.selected if use.fit else ():
            if selected.field is not None and selected.field.arguments:
                problem = f'field "{selected.field.coordinate}" takes arguments, which is not allowed in a @{use.directive.name}'
                report_use(code, use, problem, subgraph, report)


def check_leaves_external(code: Code, uses: Sequence[FieldSetUse], subgraph: Subgraph, report: Report) -> None:
    """Report leaves that the subgraph resolves itself: naming them demands or promises nothing."""
    for use in uses:
        if use.selections is None or use.target is None or not use.fit:
            continue
        for coordinate in _own_leaves(subgraph, use.target.name, use.selections):
            problem = f'field "{coordinate}" is not marked @external: this subgraph resolves it already'
            if coordinate in subgraph.facts.echoed:
                problem = f'field "{coordinate}" is a key field of an extension: this subgraph has it already'
            report_use(code, use, problem, subgraph, report)


def check_not_on_interface(code: Code, uses: Sequence[FieldSetUse], subgraph: Subgraph, report: Report) -> None:
    """Report directives on fields of interfaces."""
    for use in uses:
        if use.type.kind == "INTERFACE":
            name = use.directive.name
            problem = f"@{name} is not supported on interface fields: put it on the field of each implementation"
            report_use(code, use, problem, subgraph, report)


def report_use(code: Code, use: FieldSetUse, problem: str, subgraph: Subgraph, report: Report) -> None:
    """Report a problem of a field set at its directive."""
    report.error(
        code,
        f'[{subgraph.name}] On "{use.coordinate}", for {use.directive}: {problem}.',
        coordinates=[use.coordinate],
        places=[use.directive.place],
        subgraphs=[subgraph.name],
    )


def _own_leaves(subgraph: Subgraph, type_name: str, selections: SelectionSetNode) -> Iterator[str]:
    """The leaves that are neither external nor below an external field; `__typename` is one that everybody resolves."""
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            yield from _own_leaves(subgraph, condition_of(selection, type_name), selection.selection_set)
        elif isinstance(selection, FieldNode):
            coordinate = f"{type_name}.{selection.name.value}"
            field = subgraph.schema.find_field(type_name, selection.name.value)
            if field is None or selection.selection_set is None:
                if coordinate not in subgraph.facts.external:
                    yield coordinate
            elif not _covers_external(subgraph, field):
                yield from _own_leaves(subgraph, base_name(field.type), selection.selection_set)


def _covers_external(subgraph: Subgraph, field: Field) -> bool:
    """What lies below a field is external with it; for an interface's field one implementation's mark is enough."""
    external = subgraph.facts.external
    if field.coordinate in external:
        return True
    parent = subgraph.type(field.parent)
    if parent is None or parent.kind != "INTERFACE":
        return False
    return any(coordinate in external for coordinate in implementations(subgraph.schema, field))
