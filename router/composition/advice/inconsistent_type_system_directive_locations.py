"""INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS: a composed directive has different locations in subgraphs that link the same version."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def check(
    chosen: Source[DirectiveDefinition], sources: Sequence[Source[DirectiveDefinition]], merging: Merging
) -> None:
    """Tell which locations the supergraph gives to the directive where subgraphs differ."""
    if all(set(source.element.locations) == set(chosen.element.locations) for source in sources):
        return
    differences = wording.variants((s.subgraph.name, " | ".join(sorted(s.element.locations))) for s in sources)
    merging.report.hint(
        HintCode.INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS,
        f'The composed directive "@{chosen.element.name}" can stand on {differences}: the supergraph has the locations of'
        f' subgraph "{chosen.subgraph.name}". They link one version of it, which should have one definition.',
        subgraphs=names(sources),
        coordinates=[chosen.element.coordinate],
    )
