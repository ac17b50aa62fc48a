"""PROVIDES_INVALID_FIELDS: the fields of a @provides parse and exist."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_fit, provides_with_target


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @provides that do not fit the type that they provide of."""
    check_fit(Code.PROVIDES_INVALID_FIELDS, provides_with_target(subgraph), subgraph, report)
