"""KEY_DIRECTIVE_IN_FIELDS_ARG: the fields of a @key carry no directives."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_directives


def check(subgraph: Subgraph, report: Report) -> None:
    """Report directives within keys."""
    check_directives(Code.KEY_DIRECTIVE_IN_FIELDS_ARG, subgraph.facts.uses.keys, subgraph, report)
