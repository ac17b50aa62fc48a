"""PROVIDES_INVALID_FIELDS_TYPE: the fields of a @provides are one string."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_type, provides_with_target


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @provides whose fields are no string."""
    check_type(Code.PROVIDES_INVALID_FIELDS_TYPE, provides_with_target(subgraph), subgraph, report)
