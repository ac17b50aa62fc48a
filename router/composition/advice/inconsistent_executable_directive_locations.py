"""INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS: a directive for operations keeps the locations that every subgraph gives it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def check(common: Sequence[str], sources: Sequence[Source[DirectiveDefinition]], merging: Merging) -> None:
    """Tell which locations remain where subgraphs differ."""
    if all(source.element.executable_locations == tuple(common) for source in sources):
        return
    coordinate = sources[0].element.coordinate
    differences = wording.variants((s.subgraph.name, " | ".join(s.element.executable_locations)) for s in sources)
    merging.report.hint(
        HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS,
        f'Executable directive "{coordinate}" can stand on {differences}: it keeps {" | ".join(common)}.',
        subgraphs=names(sources),
        coordinates=[coordinate],
    )
