"""Executable directives of the subgraphs' own: those that all define, at the locations that all give them."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.merge.arguments import merge_arguments
from router.composition.merge.descriptions import merge_description
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def merge_definitions(merging: Merging) -> dict[str, DirectiveDefinition]:
    """The directives that operations may carry: the router hands them on to every subgraph, so each must know them."""
    merged: dict[str, DirectiveDefinition] = {}
    for name in dict.fromkeys(name for subgraph in merging.subgraphs for name in subgraph.schema.definitions):
        sources = [
            Source(subgraph, subgraph.schema.definitions[name])
            for subgraph in merging.subgraphs
            if name in subgraph.schema.definitions
        ]
        definition = _merge_definition(name, sources, merging)
        if definition is not None:
            merged[name] = definition
    return merged


def _merge_definition(
    name: str, sources: Sequence[Source[DirectiveDefinition]], merging: Merging
) -> DirectiveDefinition | None:
    lacking = [subgraph.name for subgraph in merging.subgraphs if subgraph.name not in names(sources)]
    if lacking:
        problem = f"is not defined in {wording.subgraphs(lacking)}: the supergraph leaves it out"
        _hint(HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE, name, problem, sources, merging)
        return None
    locations = _common_locations(sources)
    if not locations:
        problem = "has no location common to all subgraphs: the supergraph leaves it out"
        _hint(HintCode.NO_EXECUTABLE_DIRECTIVE_INTERSECTION, name, problem, sources, merging)
        return None
    if any(source.element.locations != locations for source in sources):
        problem = f"has different locations: it keeps {', '.join(locations)}"
        _hint(HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS, name, problem, sources, merging)
    repeatable = [source.element.repeatable for source in sources]
    if any(repeatable) and not all(repeatable):
        problem = "is repeatable in some subgraphs only: it is not in the supergraph"
        _hint(HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE, name, problem, sources, merging)
    return DirectiveDefinition(
        name=name,
        coordinate=f"@{name}",
        description=merge_description(sources, merging, coordinate=f"@{name}"),
        arguments=merge_arguments(sources, merging),
        locations=locations,
        repeatable=all(repeatable),
    )


def _common_locations(sources: Sequence[Source[DirectiveDefinition]]) -> tuple[str, ...]:
    first, *rest = (source.element.locations for source in sources)
    return tuple(location for location in first if all(location in other for other in rest))


def _hint(
    code: HintCode,
    name: str,
    problem: str,
    sources: Sequence[Source[DirectiveDefinition]],
    merging: Merging,
) -> None:
    merging.report.hint(
        code, f'Executable directive "@{name}" {problem}.', subgraphs=names(sources), coordinates=[f"@{name}"]
    )
