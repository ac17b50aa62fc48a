"""Arguments of fields and directives: those that every subgraph has; an optional one that some lack is dropped."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.merge.defaults import merge_default
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.references import merge_type
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Argument, DirectiveDefinition, Field


def merge_arguments(owners: Sequence[Source[Field | DirectiveDefinition]], merging: Merging) -> dict[str, Argument]:
    """The arguments that the supergraph gives to a field or directive, in order of first appearance."""
    merged: dict[str, Argument] = {}
    for name in dict.fromkeys(name for owner in owners for name in owner.element.arguments):
        sources = [
            Source(owner.subgraph, owner.element.arguments[name]) for owner in owners if name in owner.element.arguments
        ]
        if len(sources) < len(owners):
            _report_absence(owners, sources, merging)
            continue
        merged[name] = _merge_argument(sources, merging)
    return merged


def _merge_argument(sources: Sequence[Source[Argument]], merging: Merging) -> Argument:
    first = sources[0].element
    coordinate = first.coordinate
    type_, _ = merge_type(sources, merging, position="input", coordinate=coordinate)
    return Argument(
        name=first.name,
        coordinate=coordinate,
        description=merge_description(sources, merging, coordinate=coordinate),
        directives=(*merge_inaccessible(sources), *merge_directives(sources, merging, coordinate=coordinate)),
        type=type_,
        default=merge_default(sources, merging, coordinate=coordinate),
    )


def _report_absence(
    owners: Sequence[Source[Field | DirectiveDefinition]],
    sources: Sequence[Source[Argument]],
    merging: Merging,
) -> None:
    coordinate = sources[0].element.coordinate
    having = [source.subgraph.name for source in sources]
    lacking = [owner.subgraph.name for owner in owners if owner.subgraph.name not in having]
    demanding = [source for source in sources if source.element.required]
    if demanding:
        merging.report.error(
            Code.REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
            f'Argument "{coordinate}" is required in {wording.subgraphs(s.subgraph.name for s in demanding)}'
            f" but does not appear in {wording.subgraphs(lacking)}: add it there, or make it optional.",
            subgraphs=[*having, *lacking],
            coordinates=[coordinate],
            places=places(demanding),
        )
        return
    merging.report.hint(
        HintCode.INCONSISTENT_ARGUMENT_PRESENCE,
        f'Argument "{coordinate}" is in {wording.subgraphs(having)} but not in {wording.subgraphs(lacking)}:'
        " the supergraph leaves it out.",
        subgraphs=[*having, *lacking],
        coordinates=[coordinate],
    )
