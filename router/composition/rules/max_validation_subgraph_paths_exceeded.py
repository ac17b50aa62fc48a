"""MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED: the ways through the subgraphs are few enough to be followed."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report


def report(bound: int, report_: Report) -> None:
    """Report that the check was given up."""
    report_.error(
        Code.MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED,
        f"There are more than {bound} ways through the subgraphs: whether every operation can be answered was not checked to the"
        " end. Remove needless keys, or split fields that many subgraphs share.",
    )
