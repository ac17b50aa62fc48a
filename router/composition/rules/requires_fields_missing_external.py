"""REQUIRES_FIELDS_MISSING_EXTERNAL: a @requires names fields that the subgraph does not resolve itself."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_leaves_external


def check(subgraph: Subgraph, report: Report) -> None:
    """Report leaves of @requires that are not external."""
    check_leaves_external(Code.REQUIRES_FIELDS_MISSING_EXTERNAL, subgraph.facts.uses.requires, subgraph, report)
