"""NO_EXECUTABLE_DIRECTIVE_INTERSECTION: a directive for operations that has no location in common is left out."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def hint(sources: Sequence[Source[DirectiveDefinition]], merging: Merging) -> None:
    """Tell which locations each subgraph gives to the directive."""
    coordinate = sources[0].element.coordinate
    differences = wording.variants(
        (s.subgraph.name, " | ".join(s.element.executable_locations) or "no location of operations") for s in sources
    )
    merging.report.hint(
        HintCode.NO_EXECUTABLE_DIRECTIVE_INTERSECTION,
        f'Executable directive "{coordinate}" can stand on {differences}: the supergraph leaves it out.',
        subgraphs=names(sources),
        coordinates=[coordinate],
    )
