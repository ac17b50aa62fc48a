"""Directive definitions in the supergraph: composed ones as their newest version has them, executable ones where all agree."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.advice import (
    inconsistent_executable_directive_locations,
    inconsistent_executable_directive_presence,
    inconsistent_executable_directive_repeatable,
    inconsistent_type_system_directive_locations,
    inconsistent_type_system_directive_repeatable,
    no_executable_directive_intersection,
)
from router.composition.merge.arguments import merge_arguments
from router.composition.merge.descriptions import merge_description
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import DirectiveDefinition


def merge_definitions(merging: Merging) -> dict[str, DirectiveDefinition]:
    """The directives of nobody's specification: the router hands those of operations on, so each subgraph must know them."""
    everything: dict[str, list[Source[DirectiveDefinition]]] = {}
    for subgraph in merging.subgraphs:
        for name, found in subgraph.schema.definitions.items():
            everything.setdefault(name, []).append(Source(subgraph, found))
    merged: dict[str, DirectiveDefinition] = {}
    for name, sources in everything.items():
        chosen = merging.own.definitions.get(name)
        if chosen is not None:
            merged[name] = _merge_composed(name, Source(*chosen), sources, merging)
        elif any(source.element.executable_locations for source in sources):
            definition = _merge_executable(name, sources, merging)
            if definition is not None:
                merged[name] = definition
    return merged


def _merge_composed(
    name: str,
    chosen: Source[DirectiveDefinition],
    sources: Sequence[Source[DirectiveDefinition]],
    merging: Merging,
) -> DirectiveDefinition:
    same_version = [source for source in sources if _have_one_definition(name, source, chosen)]
    inconsistent_type_system_directive_repeatable.check(chosen, same_version, merging)
    inconsistent_type_system_directive_locations.check(chosen, same_version, merging)
    return DirectiveDefinition(
        name=name,
        coordinate=f"@{name}",
        description=chosen.element.description,
        arguments=merge_arguments([chosen], merging),
        locations=chosen.element.locations,
        repeatable=chosen.element.repeatable,
    )


def _have_one_definition(name: str, one: Source[DirectiveDefinition], other: Source[DirectiveDefinition]) -> bool:
    """Whether both take a directive of one name from the same version of a specification."""
    sources = (one.subgraph.links.source(name), other.subgraph.links.source(name))
    urls = {source[0].url if source is not None else None for source in sources}
    return len(urls) == 1 and one.element.name == other.element.name


def _merge_executable(
    name: str, sources: Sequence[Source[DirectiveDefinition]], merging: Merging
) -> DirectiveDefinition | None:
    locations = _common_locations(name, sources, merging)
    if not locations:
        return None
    inconsistent_executable_directive_locations.check(locations, sources, merging)
    return DirectiveDefinition(
        name=name,
        coordinate=f"@{name}",
        description=merge_description(sources, merging, coordinate=f"@{name}"),
        arguments=merge_arguments(sources, merging),
        locations=locations,
        repeatable=inconsistent_executable_directive_repeatable.check(sources, merging),
    )


def _common_locations(name: str, sources: Sequence[Source[DirectiveDefinition]], merging: Merging) -> tuple[str, ...]:
    """Where all subgraphs let operations carry the directive; nowhere, which is hinted at, if some subgraph lacks it."""
    common = frozenset(sources[0].element.executable_locations)
    for subgraph in merging.subgraphs:
        found = subgraph.schema.definitions.get(name)
        if found is None:
            lacking = [other.name for other in merging.subgraphs if name not in other.schema.definitions]
            inconsistent_executable_directive_presence.hint(lacking, sources, merging)
            return ()
        common &= frozenset(found.executable_locations)
        if not common:
            no_executable_directive_intersection.hint(sources, merging)
            return ()
    return tuple(sorted(common))
