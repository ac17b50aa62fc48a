"""INCONSISTENT_DEFAULT_VALUE_PRESENCE: only some subgraphs have a default; none is used."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Argument, Field


def hint(sources: Sequence[Source[Field | Argument]], merging: Merging) -> None:
    """Tell that the default of an argument or input field does not reach the supergraph."""
    coordinate = sources[0].element.coordinate
    defaults = wording.variants((source.subgraph.name, wording.default(source.element.default)) for source in sources)
    merging.report.hint(
        HintCode.INCONSISTENT_DEFAULT_VALUE_PRESENCE,
        f'"{coordinate}" has {defaults}: the supergraph states none, and each subgraph applies its own.',
        subgraphs=names(sources),
        coordinates=[coordinate],
    )
