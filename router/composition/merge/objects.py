"""Object types: the union of their fields. One that keeps no field, such as an empty root, is left out."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.advice import inconsistent_entity
from router.composition.merge.fields import merge_fields
from router.composition.merge.partial_fields import hint_partial_fields
from router.composition.merge.sharing import check_subscription
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source, names, without
from router.composition.model.schema import Type


def merge_object(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type | None:
    """The merged object type, or None where there is nothing in it."""
    _hint_keys(outlined, sources, merging)
    if outlined.name == "Subscription":
        check_subscription(sources, merging)
    hint_partial_fields(outlined, sources, merging)
    header = merge_header(outlined, sources, merging)
    fields = merge_fields(outlined, sources, merging)
    if not fields:
        return None
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="OBJECT",
        description=merge_type_description(outlined, sources, merging),
        interfaces=outlined.interfaces,
        fields=fields,
        directives=(*header, *merge_footer(outlined, sources, merging)),
    )


def _hint_keys(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> None:
    keyed = [source for source in sources if source.element.has("key")]
    keyless = without(sources, keyed)
    if keyed and keyless:
        inconsistent_entity.hint(outlined.name, merging, keyed=names(keyed), keyless=names(keyless))
