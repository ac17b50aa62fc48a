"""INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE: a directive for operations that some subgraphs lack is left out."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def hint(lacking: Sequence[str], sources: Sequence[Source[DirectiveDefinition]], merging: Merging) -> None:
    """Tell who does not know the directive."""
    coordinate = sources[0].element.coordinate
    merging.report.hint(
        HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE,
        f'Executable directive "{coordinate}" is defined in {wording.subgraphs(names(sources))} but not in'
        f" {wording.subgraphs(lacking)}: the supergraph leaves it out.",
        subgraphs=names(sources),
        coordinates=[coordinate],
    )
