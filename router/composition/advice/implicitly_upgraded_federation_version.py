"""IMPLICITLY_UPGRADED_FEDERATION_VERSION: a subgraph is read as a later federation version, for what it links needs that."""

from __future__ import annotations

from router.composition.hints import HintCode
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph


def check(subgraph: Subgraph, report: Report) -> None:
    """Tell which link needs a later version of federation than the subgraph links."""
    needing = [
        (specification.since, feature) for feature, specification in subgraph.links.known() if specification.since
    ]
    if not needing:
        return
    version, feature = max(needing, key=lambda need: need[0])
    if version <= subgraph.version:
        return
    linked = "is read as federation 1, which counts as" if subgraph.federation_1 else "links federation"
    report.hint(
        HintCode.IMPLICITLY_UPGRADED_FEDERATION_VERSION,
        f'Subgraph "{subgraph.name}" {linked} {subgraph.version}, but "{feature.url}", which it links too, needs federation'
        f" {version}: it is read as that. Link federation {version} to say so.",
        subgraphs=[subgraph.name],
    )
