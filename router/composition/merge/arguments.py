"""Arguments of fields and directives: those that every subgraph has; an optional one that some lack is dropped.

So is one that some subgraph takes from a context: clients never give it.
"""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.advice import inconsistent_argument_presence
from router.composition.merge.contexts import check_contextual
from router.composition.merge.defaults import merge_argument_default
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.references import merge_argument_type
from router.composition.model.merging import Merging, Source, gather, names, without
from router.composition.model.schema import Argument, DirectiveDefinition, Field
from router.composition.rules import required_argument_missing_in_some_subgraph


def merge_arguments(owners: Sequence[Source[Field | DirectiveDefinition]], merging: Merging) -> dict[str, Argument]:
    """The arguments that the supergraph gives to a field or directive, in order of first appearance."""
    merged: dict[str, Argument] = {}
    for name, sources in gather(owners, lambda owner: owner.arguments).items():
        lacking = names(without(owners, sources))
        if check_contextual(sources, merging):
            continue
        if not lacking:
            merged[name] = _merge_argument(sources, merging)
        elif any(source.element.required for source in sources):
            required_argument_missing_in_some_subgraph.report(sources, merging, lacking=lacking)
        else:
            inconsistent_argument_presence.hint(sources, merging, lacking=lacking)
    return merged


def _merge_argument(sources: Sequence[Source[Argument]], merging: Merging) -> Argument:
    first = sources[0].element
    coordinate = first.coordinate
    return Argument(
        name=first.name,
        coordinate=coordinate,
        description=merge_description(sources, merging, coordinate=coordinate),
        directives=(*merge_inaccessible(sources), *merge_directives(sources, merging, coordinate=coordinate)),
        type=merge_argument_type(sources, merging, coordinate=coordinate),
        default=merge_argument_default(sources, merging),
    )
