"""INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM: a value of an enum that clients only read is in some subgraphs only; it is kept."""

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
        HintCode.INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM,
        f'Enum value "{coordinate}" is in {wording.presence(names(sources), lacking)}:'
        " the supergraph has it, since clients never send the enum.",
        subgraphs=[*names(sources), *lacking],
        coordinates=[coordinate],
    )
