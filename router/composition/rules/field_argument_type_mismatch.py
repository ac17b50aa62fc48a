"""FIELD_ARGUMENT_TYPE_MISMATCH: the types of an argument, of a field or directive, have one that is the strictest."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Argument


def report(sources: Sequence[Source[Argument]], merging: Merging, *, coordinate: str) -> None:
    """Report an argument whose types cannot be merged."""
    types = wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
    merging.report.error(
        Code.FIELD_ARGUMENT_TYPE_MISMATCH,
        f'Type of argument "{coordinate}" is incompatible across subgraphs: it has {types}.'
        " Agree on one type; only what may be null may differ.",
        coordinates=[coordinate],
        places=places(sources),
    )
