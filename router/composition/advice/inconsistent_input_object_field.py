"""INCONSISTENT_INPUT_OBJECT_FIELD: an input field of some subgraphs only is dropped."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Field


def hint(sources: Sequence[Source[Field]], merging: Merging, *, lacking: Sequence[str]) -> None:
    """Tell of an input field that the subgraphs `lacking` it know the type of."""
    coordinate = sources[0].element.coordinate
    merging.report.hint(
        HintCode.INCONSISTENT_INPUT_OBJECT_FIELD,
        f'Input field "{coordinate}" is in {wording.presence(names(sources), lacking)}:'
        " the supergraph leaves it out, for clients could not know who reads it.",
        subgraphs=[*names(sources), *lacking],
        coordinates=[coordinate],
    )
