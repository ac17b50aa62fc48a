"""Custom scalars: the same everywhere, with `@specifiedBy` as most subgraphs have it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Type


def merge_scalar(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged scalar."""
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="SCALAR",
        description=merge_type_description(outlined, sources, merging),
        directives=(*merge_header(outlined, sources, merging), *merge_footer(outlined, sources, merging)),
    )
