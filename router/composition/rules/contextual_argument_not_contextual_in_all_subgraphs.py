"""CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS: what one subgraph takes from a context, no other demands of clients."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.schema import Argument


def report(
    contextual: Sequence[Source[Argument]], demanding: Sequence[Source[Argument]], merging: Merging, *, coordinate: str
) -> None:
    """Report an argument that clients would have to give and cannot."""
    merging.report.error(
        Code.CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS,
        f'Argument "{coordinate}" is taken from a context in {wording.subgraphs(names(contextual))}, so clients cannot give'
        f" it, but it is required in {wording.subgraphs(names(demanding))}: make it nullable or @fromContext there.",
        coordinates=[coordinate],
        places=places([*demanding, *contextual]),
    )
