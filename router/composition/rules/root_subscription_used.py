"""ROOT_SUBSCRIPTION_USED: no other type is called Subscription where the subscription root has a name of its own."""

from __future__ import annotations

from collections.abc import Iterable

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.rules.root_names import report_used


def report(root: str, found: Report, *, subgraph: str, places: Iterable[Place | None]) -> None:
    """Report a type Subscription beside the root that is called `root`."""
    report_used(Code.ROOT_SUBSCRIPTION_USED, "Subscription", root, found, subgraph=subgraph, places=places)
