"""INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE: an argument's types differ; the strictest is used."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Argument
from router.composition.model.typeref import TypeRef


def hint(sources: Sequence[Source[Argument]], merging: Merging, *, coordinate: str, merged: TypeRef) -> None:
    """Tell which of its types an argument has in the supergraph."""
    types = wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
    merging.report.hint(
        HintCode.INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE,
        f'Argument "{coordinate}" has {types}: the supergraph has type "{merged}".',
        subgraphs=names(sources),
        coordinates=[coordinate],
    )
