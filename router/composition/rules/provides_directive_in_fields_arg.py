"""PROVIDES_DIRECTIVE_IN_FIELDS_ARG: the fields of a @provides carry no directives."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_directives, provides_with_target


def check(subgraph: Subgraph, report: Report) -> None:
    """Report directives within @provides."""
    check_directives(Code.PROVIDES_DIRECTIVE_IN_FIELDS_ARG, provides_with_target(subgraph), subgraph, report)
