"""EMPTY_MERGED_ENUM_TYPE: the subgraphs' versions of an enum that clients send have a value in common."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.schema import Type


def report(sources: Sequence[Source[Type]], merging: Merging, *, name: str) -> None:
    """Report an enum of which nothing is left."""
    merging.report.error(
        Code.EMPTY_MERGED_ENUM_TYPE,
        f'No value of the enum "{name}" is common to {wording.subgraphs(names(sources))}: clients may send only'
        f" values that all of them know. Share at least one.",
        coordinates=[name],
        places=places(sources),
    )
