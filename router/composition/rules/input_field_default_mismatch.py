"""INPUT_FIELD_DEFAULT_MISMATCH: all subgraphs that give an input field a default give it the same."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Field


def report(sources: Sequence[Source[Field]], merging: Merging) -> None:
    """Report an input field with several defaults."""
    coordinate = sources[0].element.coordinate
    defaults = wording.variants((source.subgraph.name, wording.default(source.element.default)) for source in sources)
    merging.report.error(
        Code.INPUT_FIELD_DEFAULT_MISMATCH,
        f'Input field "{coordinate}" has incompatible defaults across subgraphs: it has {defaults}.'
        " Give it the same default everywhere, or none.",
        coordinates=[coordinate],
        places=places(sources),
    )
