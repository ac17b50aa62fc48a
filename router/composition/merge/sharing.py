"""Who may resolve a field: several subgraphs only if all of them say `@shareable`."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.merge.abstracting import abstracting_sources
from router.composition.merge.override import Overrides
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Field, Type
from router.composition.rules import invalid_field_sharing


def check_sharing(
    parent: str, name: str, sources: Sequence[Source[Field]], overrides: Overrides, merging: Merging
) -> None:
    """Report a field of an object type that several subgraphs resolve while one of them does not share it."""
    candidates = [source for source in sources if not overrides.gave_up(source.subgraph.name)]
    candidates += abstracting_sources(parent, name, merging)
    if len(candidates) < 2:
        return
    resolving = [source for source in candidates if not source.subgraph.facts.never_resolved(source.element.coordinate)]
    jealous = [source for source in resolving if source.element.coordinate not in source.subgraph.facts.shareable]
    if jealous and len(resolving) > 1:
        resolving.sort(key=lambda source: source.subgraph.name)
        invalid_field_sharing.report(
            resolving, jealous, merging, coordinate=f"{parent}.{name}", aimless=overrides.aimless
        )


def check_subscription(sources: Sequence[Source[Type]], merging: Merging) -> None:
    """Report fields of the subscription root that are shareable."""
    for source in sources:
        for field in source.element.fields.values():
            if field.has("shareable"):
                invalid_field_sharing.report_subscription(Source(source.subgraph, field), merging)
