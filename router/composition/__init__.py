"""Federation composition: subgraph schemas in, one supergraph schema out, or every reason why there is none.

Pure and synchronous. Sources: the federation and join specifications, https://specs.apollo.dev/.
"""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.garbage import collector_paused
from router.composition.merge import merge
from router.composition.merge.linking import choose_linking
from router.composition.model.outcome import Composed, CompositionError, Hint, Place, Rejected, SubgraphInput
from router.composition.model.report import Refused, Report
from router.composition.printer import print_supergraph
from router.composition.rules import check_api, check_printed, check_subgraphs, check_supergraph, invalid_graphql
from router.composition.satisfiability import check_satisfiability
from router.composition.subgraph.read import read_subgraphs
from router.composition.text import format_text
from router.composition.upgrade import upgrade

__all__ = [
    "Composed",
    "CompositionError",
    "Hint",
    "Place",
    "Rejected",
    "SubgraphInput",
    "compose",
    "format_text",
]


def compose(subgraphs: Sequence[SubgraphInput]) -> Composed | Rejected:
    """Compose subgraphs into a supergraph of join v0.5.

    The outcome does not depend on the order of the subgraphs. Each stage reports all its problems, and the first stage
    that has any is the last: what follows from a broken schema helps nobody.
    """
    report = Report()
    try:
        with collector_paused():
            return _compose(subgraphs, report)
    except Refused:
        return Rejected(tuple(report.errors), tuple(report.hints))
    except RecursionError:
        invalid_graphql.report_too_long_a_chain(report)
        return Rejected(tuple(report.errors), tuple(report.hints))


def _compose(subgraphs: Sequence[SubgraphInput], report: Report) -> Composed:
    read = read_subgraphs(subgraphs, report)
    report.locate_in(read)
    check_subgraphs([subgraph for subgraph in read if not subgraph.federation_1], report)
    report.refuse_errors()
    read = upgrade(read, report)
    report.refuse_errors()
    linking = choose_linking(read, report)
    report.refuse_errors()
    supergraph = merge(read, linking.own, report)
    report.refuse_errors()
    check_supergraph(supergraph, read, report)
    report.refuse_errors()
    sdl = print_supergraph(supergraph, read, linking)
    check_printed(supergraph, sdl, read, report)
    report.refuse_errors()
    check_api(supergraph, read, linking.features, report)
    report.refuse_errors()
    check_satisfiability(supergraph, read, report)
    report.refuse_errors()
    return Composed(sdl, tuple(report.hints))
