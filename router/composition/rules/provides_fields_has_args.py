"""PROVIDES_FIELDS_HAS_ARGS: the fields of a @provides take no arguments."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_arguments, provides_with_target


def check(subgraph: Subgraph, report: Report) -> None:
    """Report fields with arguments in @provides."""
    check_arguments(Code.PROVIDES_FIELDS_HAS_ARGS, provides_with_target(subgraph), subgraph, report)
