"""REQUIRES_UNSUPPORTED_ON_INTERFACE: no @requires stands on an interface field."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_not_on_interface


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @requires on interface fields."""
    check_not_on_interface(Code.REQUIRES_UNSUPPORTED_ON_INTERFACE, subgraph.facts.uses.requires, subgraph, report)
