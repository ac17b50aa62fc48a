"""INVALID_LINK_IDENTIFIER: the URL of a @link is https://host/path/name/vX.Y."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report


def report(problem: str, found: Report, *, subgraph: str, place: Place | None) -> None:
    """Report a URL that does not name a feature and a version of it."""
    found.error(
        Code.INVALID_LINK_IDENTIFIER,
        f"[{subgraph}] @link: {problem}. Write it as https://host/path/name/v1.0.",
        subgraphs=[subgraph],
        places=[place],
    )
