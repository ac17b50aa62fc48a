"""PROVIDES_UNSUPPORTED_ON_INTERFACE: no @provides stands on an interface field."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import check_not_on_interface, provides_with_target


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @provides on interface fields."""
    check_not_on_interface(Code.PROVIDES_UNSUPPORTED_ON_INTERFACE, provides_with_target(subgraph), subgraph, report)
