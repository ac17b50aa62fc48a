"""KEY_FIELDS_HAS_ARGS: the fields of a @key take no arguments."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_arguments


def check(subgraph: Subgraph, report: Report) -> None:
    """Report fields with arguments in keys."""
    check_arguments(Code.KEY_FIELDS_HAS_ARGS, subgraph.facts.uses.keys, subgraph, report)
