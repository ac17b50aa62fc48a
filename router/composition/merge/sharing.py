"""Who may resolve a field: several subgraphs only if all of them say `@shareable`."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.merge.override import Overrides, abstracting_fields
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Field


def check_sharing(
    parent: str, name: str, sources: Sequence[Source[Field]], overrides: Overrides, merging: Merging
) -> None:
    """Report a field of an object type that several subgraphs resolve while one of them does not share it."""
    resolving = [
        source
        for source in _all_sources(parent, name, sources, merging)
        if not overrides.gave_up(source.subgraph.name)
        and not source.subgraph.facts.never_resolved(source.element.coordinate)
    ]
    jealous = [source for source in resolving if source.element.coordinate not in source.subgraph.facts.shareable]
    if not jealous or len(resolving) < 2:
        return
    aimless = next((s.subgraph.name for s in jealous if s.subgraph.name in overrides.aimless), None)
    note = f' (its @override in subgraph "{aimless}" names an unknown subgraph: is it misspelt?)' if aimless else ""
    merging.report.error(
        Code.INVALID_FIELD_SHARING,
        f'Non-shareable field "{parent}.{name}" is resolved from multiple subgraphs: it is resolved from'
        f" {wording.subgraphs(_name(source, parent) for source in resolving)} and defined as non-shareable in"
        f" {wording.subgraphs(_name(source, parent) for source in jealous)}{note}.",
        subgraphs=[source.subgraph.name for source in resolving],
        coordinates=[f"{parent}.{name}"],
        places=[source.element.place for source in resolving],
    )


def _all_sources(parent: str, name: str, sources: Sequence[Source[Field]], merging: Merging) -> list[Source[Field]]:
    by_name = {source.subgraph.name: source for source in sources}
    found: list[Source[Field]] = []
    for subgraph in merging.subgraphs:
        source = by_name.get(subgraph.name)
        if source is not None:
            found.append(source)
        else:
            abstracting = abstracting_fields(subgraph, parent, name, merging)
            found += [Source(subgraph, abstract) for abstract in abstracting]
    return found


def _name(source: Source[Field], parent: str) -> str:
    if source.element.parent == parent:
        return source.subgraph.name
    return f'{source.subgraph.name}" (through the interface object field "{source.element.coordinate}'
