"""FIELD_TYPE_MISMATCH: the types of a field have one that covers the others."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Field


def report(sources: Sequence[Source[Field]], merging: Merging, *, coordinate: str) -> None:
    """Report a field, of an object, interface or input object, whose types cannot be merged."""
    types = wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
    merging.report.error(
        Code.FIELD_TYPE_MISMATCH,
        f'Type of field "{coordinate}" is incompatible across subgraphs: it has {types}. Agree on one type.',
        coordinates=[coordinate],
        places=places(sources),
    )
