"""INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE: a field's types differ; the widest is used, for input fields the strictest."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Field
from router.composition.model.typeref import TypeRef


def hint(sources: Sequence[Source[Field]], merging: Merging, *, coordinate: str, merged: TypeRef) -> None:
    """Tell which of its types a field has in the supergraph."""
    types = wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
    merging.report.hint(
        HintCode.INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE,
        f'Field "{coordinate}" has {types}: the supergraph has type "{merged}".',
        subgraphs=names(sources),
        coordinates=[coordinate],
    )
