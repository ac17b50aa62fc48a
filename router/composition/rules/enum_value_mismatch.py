"""ENUM_VALUE_MISMATCH: an enum that clients both send and read has the same values in all subgraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Position, Source, names, places
from router.composition.model.schema import EnumValue, Type


def report(
    sources: Sequence[Source[EnumValue]],
    merging: Merging,
    *,
    lacking: Sequence[Source[Type]],
    uses: Mapping[Position, str],
) -> None:
    """Report a value that some versions of the enum lack; `uses` has an example of each use."""
    coordinate = sources[0].element.coordinate
    merging.report.error(
        Code.ENUM_VALUE_MISMATCH,
        f'Enum value "{coordinate}" is in {wording.presence(names(sources), names(lacking))}, while clients both send the'
        f' enum (e.g. to "{uses["input"]}") and read it (e.g. from "{uses["output"]}"). Define the value everywhere, or'
        " mark it @inaccessible.",
        subgraphs=[*names(sources), *names(lacking)],
        coordinates=[coordinate],
        places=[*places(sources), *places(lacking)],
    )
