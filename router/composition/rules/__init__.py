"""The rules that no merge step owns, one a file: SUBGRAPH_RULES look at one subgraph, SUPERGRAPH_RULES at what was merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from router.composition.model.schema import Schema
from router.composition.report import Report
from router.composition.subgraph.model import Subgraph

SUBGRAPH_RULES: tuple[Callable[[Subgraph, Report], None], ...] = ()
SUPERGRAPH_RULES: tuple[Callable[[Schema, Sequence[Subgraph], Report], None], ...] = ()


def check_subgraphs(subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Run every rule on every subgraph."""
    for subgraph in subgraphs:
        for rule in SUBGRAPH_RULES:
            rule(subgraph, report)


def check_supergraph(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Run every rule on the merged schema."""
    for rule in SUPERGRAPH_RULES:
        rule(supergraph, subgraphs, report)
