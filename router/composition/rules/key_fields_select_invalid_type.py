"""KEY_FIELDS_SELECT_INVALID_TYPE: the fields of a @key are of scalar, enum or object type."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.model.uses import abstract_fields
from router.composition.rules.field_sets import report_use


def check(subgraph: Subgraph, report: Report) -> None:
    """Report fields of interface or union type in keys."""
    for use in subgraph.facts.uses.keys:
        for field in abstract_fields(use, subgraph.schema):
            problem = (
                f'field "{field.coordinate}" is of type "{field.type}", an interface or union: a key names fields of'
                " scalar, enum or object type only"
            )
            report_use(Code.KEY_FIELDS_SELECT_INVALID_TYPE, use, problem, subgraph, report)
