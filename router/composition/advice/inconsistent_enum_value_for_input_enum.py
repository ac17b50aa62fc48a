"""INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM: a value of an enum that clients only send is in some subgraphs only, and dropped."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import EnumValue


def hint(sources: Sequence[Source[EnumValue]], merging: Merging, *, lacking: Sequence[str]) -> None:
    """Tell of an enum value that the subgraphs `lacking` it know the type of."""
    coordinate = sources[0].element.coordinate
    merging.report.hint(
        HintCode.INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM,
        f'Enum value "{coordinate}" is in {wording.presence(names(sources), lacking)}: clients cannot send it.',
        subgraphs=[*names(sources), *lacking],
        coordinates=[coordinate],
    )
