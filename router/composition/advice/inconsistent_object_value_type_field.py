"""INCONSISTENT_OBJECT_VALUE_TYPE_FIELD: a field of a keyless object type is in some subgraphs only."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Field


def hint(sources: Sequence[Source[Field]], merging: Merging, *, lacking: Sequence[str]) -> None:
    """Tell of a field that the subgraphs `lacking` it know the type of."""
    coordinate = sources[0].element.coordinate
    merging.report.hint(
        HintCode.INCONSISTENT_OBJECT_VALUE_TYPE_FIELD,
        f'Field "{coordinate}" is in {wording.presence(names(sources), lacking)}: without a key it cannot be fetched for'
        " an object that the others return.",
        subgraphs=[*names(sources), *lacking],
        coordinates=[coordinate],
    )
