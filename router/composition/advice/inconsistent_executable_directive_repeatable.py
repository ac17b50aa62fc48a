"""INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE: a directive for operations is repeatable only where every subgraph says so."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import DirectiveDefinition


def check(sources: Sequence[Source[DirectiveDefinition]], merging: Merging) -> bool:
    """Whether the directive is repeatable; tell where subgraphs differ."""
    repeatable = [source for source in sources if source.element.repeatable]
    if repeatable and len(repeatable) < len(sources):
        coordinate = sources[0].element.coordinate
        merging.report.hint(
            HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE,
            f'Executable directive "{coordinate}" is repeatable in {wording.subgraphs(names(repeatable))} only:'
            " it is not in the supergraph.",
            subgraphs=names(sources),
            coordinates=[coordinate],
        )
    return len(repeatable) == len(sources)
