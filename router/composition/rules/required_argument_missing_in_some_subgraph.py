"""REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: an argument that a subgraph demands is in all of them."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.schema import Argument


def report(sources: Sequence[Source[Argument]], merging: Merging, *, lacking: Sequence[str]) -> None:
    """Report an argument that some subgraphs have, one of them as required, while others lack it."""
    coordinate = sources[0].element.coordinate
    demanding = [source for source in sources if source.element.required]
    merging.report.error(
        Code.REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
        f'Argument "{coordinate}" is required in {wording.subgraphs(names(demanding))} but missing in'
        f" {wording.subgraphs(lacking)}: add it there, or make it optional.",
        subgraphs=[*names(sources), *lacking],
        coordinates=[coordinate],
        places=places(demanding),
    )
