"""UNUSED_ENUM_TYPE: no field and no argument has the enum as its type."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Type


def hint(sources: Sequence[Source[Type]], merging: Merging, *, name: str) -> None:
    """Tell of an enum that could go; it is merged as one that clients only read."""
    merging.report.hint(
        HintCode.UNUSED_ENUM_TYPE,
        f'Nothing uses the enum "{name}": it has the values of all subgraphs.',
        subgraphs=names(sources),
        coordinates=[name],
    )
