"""ROOT_MUTATION_USED: no other type is called Mutation where the mutation root has a name of its own."""

from __future__ import annotations

from collections.abc import Iterable

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.rules.root_names import report_used


def report(root: str, found: Report, *, subgraph: str, places: Iterable[Place | None]) -> None:
    """Report a type Mutation beside the root that is called `root`."""
    report_used(Code.ROOT_MUTATION_USED, "Mutation", root, found, subgraph=subgraph, places=places)
