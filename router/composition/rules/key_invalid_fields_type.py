"""KEY_INVALID_FIELDS_TYPE: the fields of a @key are one string."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_type


def check(subgraph: Subgraph, report: Report) -> None:
    """Report keys whose fields are no string."""
    check_type(Code.KEY_INVALID_FIELDS_TYPE, subgraph.facts.uses.keys, subgraph, report)
