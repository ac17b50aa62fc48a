"""KEY_UNSUPPORTED_ON_INTERFACE: interfaces have keys since federation 2.3."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules.field_sets import report_use
from router.composition.spec.link import Version

_INTERFACE_KEYS_SINCE = Version(2, 3)


def check(subgraph: Subgraph, report: Report) -> None:
    """Report keys on interfaces in schemas of earlier versions."""
    if subgraph.version >= _INTERFACE_KEYS_SINCE:
        return
    for use in subgraph.facts.uses.keys:
        if use.type.kind == "INTERFACE":
            problem = f"keys on interfaces need federation {_INTERFACE_KEYS_SINCE}, the schema links {subgraph.version}"
            report_use(Code.KEY_UNSUPPORTED_ON_INTERFACE, use, problem, subgraph, report)
