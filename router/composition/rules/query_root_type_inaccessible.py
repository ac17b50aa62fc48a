"""QUERY_ROOT_TYPE_INACCESSIBLE: there is no API without queries."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Schema
from router.composition.model.subgraph import Subgraph
from router.composition.rules.visibility import hidden, report_hidden


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report an inaccessible query root."""
    if hidden(supergraph.types["Query"]):
        message = 'Type "Query" is @inaccessible, but it is the query root, which clients must see.'
        report_hidden(report, Code.QUERY_ROOT_TYPE_INACCESSIBLE, message, ["Query"], subgraphs)
