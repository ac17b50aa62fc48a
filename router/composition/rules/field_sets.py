"""What @key, @requires and @provides have in common: their argument is a set of fields that must fit a type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.composition.codes import Code
from router.composition.model.fieldset import FieldSetError, parse_field_set, problems, select
from router.composition.model.schema import Applied, Field
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.report import Report


@dataclass(frozen=True, slots=True)
class FieldSetUse:
    """A directive with a field set: where it stands (`coordinate`) and the type that the set selects from."""

    directive: Applied
    coordinate: str
    type_name: str

    def code(self, suffix: str) -> Code:
        """The code of this directive for a kind of problem, e.g. KEY_INVALID_FIELDS."""
        return Code[f"{self.directive.name.upper()}_{suffix}"]


def check_fields(
    use: FieldSetUse, subgraph: Subgraph, report: Report, *, arguments_allowed: bool
) -> SelectionSetNode | None:
    """Check type, syntax and fields of a set; None where it is not fit for more checks."""
    text = use.directive.string("fields")
    if text is None:
        report_use(use, use.code("INVALID_FIELDS_TYPE"), 'the argument "fields" must be a string', subgraph, report)
        return None
    try:
        selections = parse_field_set(text)
    except FieldSetError as error:
        report_use(use, use.code("INVALID_FIELDS"), f"the fields do not parse: {error}", subgraph, report)
        return None
    found = list(problems(subgraph.schema, use.type_name, selections))
    for problem in found:
        report_use(use, use.code("INVALID_FIELDS"), problem, subgraph, report)
    if found:
        return None
    for name in _directives_in(selections):
        report_use(use, use.code("DIRECTIVE_IN_FIELDS_ARG"), f'"@{name}" cannot stand in a field set', subgraph, report)
    if not arguments_allowed:
        for selected in select(subgraph.schema, use.type_name, selections):
            if selected.field is not None and selected.field.arguments:
                problem = f'field "{selected.field.coordinate}" takes arguments, which is not allowed in a @{use.directive.name}'
                report_use(use, use.code("FIELDS_HAS_ARGS"), problem, subgraph, report)
    return selections


def check_leaves_external(use: FieldSetUse, selections: SelectionSetNode, subgraph: Subgraph, report: Report) -> None:
    """Report leaves that the subgraph resolves itself: naming them demands or promises nothing."""
    for field in _leaves_not_external(subgraph, use.type_name, selections, below_external=False):
        problem = f'field "{field.coordinate}" is not marked @external: this subgraph resolves it already'
        if field.coordinate in subgraph.facts.echoed:
            problem = f'field "{field.coordinate}" is a key field of an extension: this subgraph has it already'
        report_use(use, use.code("FIELDS_MISSING_EXTERNAL"), problem, subgraph, report)


def report_use(use: FieldSetUse, code: Code, problem: str, subgraph: Subgraph, report: Report) -> None:
    """Report a problem of a field set at its directive."""
    report.error(
        code,
        f'[{subgraph.name}] On "{use.coordinate}", for {use.directive}: {problem}.',
        coordinates=[use.coordinate],
        places=[use.directive.place],
        subgraphs=[subgraph.name],
    )


def _leaves_not_external(
    subgraph: Subgraph, type_name: str, selections: SelectionSetNode, *, below_external: bool
) -> Iterator[Field]:
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition.name.value if selection.type_condition else type_name
            yield from _leaves_not_external(subgraph, condition, selection.selection_set, below_external=below_external)
        elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
            field = subgraph.schema.find_field(type_name, selection.name.value)
            assert field is not None, "unknown fields are reported before"
            external = below_external or _is_external(subgraph, field)
            if selection.selection_set is not None:
                yield from _leaves_not_external(
                    subgraph, base_name(field.type), selection.selection_set, below_external=external
                )
            elif not external:
                yield field


def _is_external(subgraph: Subgraph, field: Field) -> bool:
    """A field of an interface counts as external where one implementation's is; interfaces themselves cannot say so."""
    concrete = subgraph.schema.possible(field.parent)
    coordinates = [field.coordinate, *(f"{name}.{field.name}" for name in concrete)]
    return any(coordinate in subgraph.facts.external for coordinate in coordinates)


def _directives_in(selections: SelectionSetNode) -> Iterator[str]:
    for selection in selections.selections:
        yield from (directive.name.value for directive in selection.directives or ())
        nested = getattr(selection, "selection_set", None)
        if nested is not None:
            yield from _directives_in(nested)
