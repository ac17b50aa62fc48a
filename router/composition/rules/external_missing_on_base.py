"""EXTERNAL_MISSING_ON_BASE: a field that is external somewhere is resolved somewhere else."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.schema import Field


def report(sources: Sequence[Source[Field]], merging: Merging, *, coordinate: str) -> None:
    """Report a field that all subgraphs leave to others."""
    merging.report.error(
        Code.EXTERNAL_MISSING_ON_BASE,
        f'Field "{coordinate}" is marked @external in every subgraph that lists it ({wording.subgraphs(names(sources))}):'
        " one of them must resolve it.",
        coordinates=[coordinate],
        places=places(sources),
    )
