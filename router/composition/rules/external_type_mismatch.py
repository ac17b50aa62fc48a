"""EXTERNAL_TYPE_MISMATCH: an external field has the type that it is resolved with."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Field


def report(sources: Sequence[Source[Field]], merging: Merging, *, coordinate: str) -> None:
    """Report a field of which an external declaration gives another type."""
    types = wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
    merging.report.error(
        Code.EXTERNAL_TYPE_MISMATCH,
        f'Type of field "{coordinate}" is incompatible across subgraphs (where marked @external): it has {types}. Declare the'
        " external field as it is resolved.",
        coordinates=[coordinate],
        places=places(sources),
    )
