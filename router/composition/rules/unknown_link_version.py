"""UNKNOWN_LINK_VERSION: the link specification that a schema bootstraps is link v1.0, or its predecessor core v0.1 or v0.2."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.spec.known import LINK_V1, find_specification
from router.composition.spec.link import FeatureUrl


def check(url: FeatureUrl, report: Report, *, subgraph: str, place: Place | None) -> bool:
    """Report a version that does not exist; whether it does."""
    if find_specification(url) is not None:
        return True
    report.error(
        Code.UNKNOWN_LINK_VERSION,
        f'[{subgraph}] There is no {url.version} of the {url.name} specification: link "{LINK_V1.url}".',
        subgraphs=[subgraph],
        places=[place],
    )
    return False
