"""KEY_INVALID_FIELDS: the fields of a @key parse and exist."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_fit


def check(subgraph: Subgraph, report: Report) -> None:
    """Report keys that do not fit their type."""
    check_fit(Code.KEY_INVALID_FIELDS, subgraph.facts.uses.keys, subgraph, report)
