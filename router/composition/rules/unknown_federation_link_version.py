"""UNKNOWN_FEDERATION_LINK_VERSION: the federation version that a schema links exists."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.spec import federation
from router.composition.spec.link import FEDERATION, FeatureUrl


def check(url: FeatureUrl, report: Report, *, subgraph: str, place: Place | None) -> bool:
    """Report a version of federation that does not exist; whether the URL is fine."""
    if url.identity != FEDERATION or federation.is_known(url.version):
        return True
    report.error(
        Code.UNKNOWN_FEDERATION_LINK_VERSION,
        f"[{subgraph}] There is no federation {url.version}: link one from {federation.OLDEST} to {federation.NEWEST}.",
        subgraphs=[subgraph],
        places=[place],
    )
    return False
