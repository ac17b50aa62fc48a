"""INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE: a composed directive is repeatable in some subgraphs of a version only."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def check(
    chosen: Source[DirectiveDefinition], sources: Sequence[Source[DirectiveDefinition]], merging: Merging
) -> None:
    """Tell whether the supergraph has the directive repeatable where subgraphs differ."""
    if all(source.element.repeatable == chosen.element.repeatable for source in sources):
        return
    words = {True: "repeatable", False: "not repeatable"}
    differences = wording.variants((s.subgraph.name, words[s.element.repeatable]) for s in sources)
    merging.report.hint(
        HintCode.INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE,
        f'The composed directive "@{chosen.element.name}" is {differences}: it is {words[chosen.element.repeatable]} in the'
        f' supergraph, as in subgraph "{chosen.subgraph.name}". They link one version of it, which should have one definition.',
        subgraphs=names(sources),
        coordinates=[chosen.element.coordinate],
    )
