"""PROVIDES_FIELDS_MISSING_EXTERNAL: a @provides names fields that the subgraph otherwise does not resolve."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_leaves_external, provides_with_target


def check(subgraph: Subgraph, report: Report) -> None:
    """Report leaves of @provides that are not external."""
    check_leaves_external(Code.PROVIDES_FIELDS_MISSING_EXTERNAL, provides_with_target(subgraph), subgraph, report)
