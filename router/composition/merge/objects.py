"""Object types: the union of their fields. One that keeps no field, such as an empty root, is left out."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.merge.fields import merge_fields
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Type


def merge_object(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type | None:
    """The merged object type, or None where there is nothing in it."""
    _hint_keys(outlined, sources, merging)
    if outlined.name == "Subscription":
        _check_subscription(sources, merging)
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


def _check_subscription(sources: Sequence[Source[Type]], merging: Merging) -> None:
    """An event stream comes from one subgraph: asking several for it would deliver everything twice."""
    for source in sources:
        for field in source.element.fields.values():
            for directive in field.applied("shareable"):
                merging.report.error(
                    Code.INVALID_FIELD_SHARING,
                    f'[{source.subgraph.name}] "{field.coordinate}" cannot be @shareable:'
                    " a subscription is served by one subgraph.",
                    coordinates=[field.coordinate],
                    places=[directive.place],
                )


def _hint_keys(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> None:
    keyed = [source.subgraph.name for source in sources if source.element.has("key")]
    keyless = [source.subgraph.name for source in sources if not source.element.has("key")]
    if keyed and keyless:
        merging.report.hint(
            HintCode.INCONSISTENT_ENTITY,
            f'Type "{outlined.name}" has a @key in {wording.subgraphs(keyed)} but none in {wording.subgraphs(keyless)}.',
            subgraphs=[*keyed, *keyless],
            coordinates=[outlined.name],
        )
