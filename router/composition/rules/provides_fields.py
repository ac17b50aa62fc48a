"""PROVIDES_*: a @provides names external fields of the type that its field returns."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.schema import COMPOSITE_KINDS
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.report import Report
from router.composition.rules.field_sets import FieldSetUse, check_fields, check_leaves_external, report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Check every @provides of a subgraph."""
    for type_ in subgraph.schema.types.values():
        for field in type_.fields.values():
            for provides in field.applied("provides"):
                use = FieldSetUse(provides, field.coordinate, base_name(field.type))
                target = subgraph.type(use.type_name)
                if field.coordinate in subgraph.facts.external:
                    problem = "a field cannot be both @external and @provides"
                    report_use(use, Code.EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE, problem, subgraph, report)
                elif target is None or target.kind not in COMPOSITE_KINDS:
                    problem = f'the field is of type "{field.type}", which has no fields to provide'
                    report_use(use, Code.PROVIDES_ON_NON_OBJECT_FIELD, problem, subgraph, report)
                else:
                    if type_.kind == "INTERFACE":
                        problem = "@provides is not supported on interface fields"
                        report_use(use, Code.PROVIDES_UNSUPPORTED_ON_INTERFACE, problem, subgraph, report)
                    _check_set(use, subgraph, report)


def _check_set(use: FieldSetUse, subgraph: Subgraph, report: Report) -> None:
    selections = check_fields(use, subgraph, report, arguments_allowed=False)
    if selections is not None:
        check_leaves_external(use, selections, subgraph, report)
