"""INCONSISTENT_ARGUMENT_PRESENCE: an optional argument of some subgraphs only is dropped."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Argument


def hint(sources: Sequence[Source[Argument]], merging: Merging, *, lacking: Sequence[str]) -> None:
    """Tell of an argument that the subgraphs `lacking` it know the owner of."""
    coordinate = sources[0].element.coordinate
    merging.report.hint(
        HintCode.INCONSISTENT_ARGUMENT_PRESENCE,
        f'Argument "{coordinate}" is in {wording.presence(names(sources), lacking)}:'
        " the supergraph leaves it out, for clients could not know who reads it.",
        subgraphs=[*names(sources), *lacking],
        coordinates=[coordinate],
    )
