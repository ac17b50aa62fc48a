"""Applications of composed directives: all distinct ones where the directive is repeatable, else the most frequent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from router.composition.advice import inconsistent_non_repeatable_directive_arguments
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Applied, Element
from router.composition.model.subgraph import Subgraph
from router.composition.rules import composed_directive_use


def merge_own_directive(
    name: str, sources: Sequence[Source[Element]], merging: Merging, *, coordinate: str
) -> Iterator[Applied]:
    """What the supergraph has of one directive on an element that some subgraph composes it on.

    Then the applications of all subgraphs count, as they share the name.
    """
    applications = [(applied, source.subgraph) for source in sources for applied in source.element.applied(name)]
    counts = Counter(_key(applied, subgraph) for applied, subgraph in applications)
    distinct = {_key(applied, subgraph): applied for applied, subgraph in reversed(applications)}
    _, definition = merging.own.definitions[name.removeprefix("@")]
    if definition.repeatable or len(counts) == 1:
        yield from (distinct[key] for key in counts)
        return
    _check_repetition(applications, merging, coordinate=coordinate)
    merged = distinct[max(counts, key=lambda key: counts[key])]
    yield merged
    inconsistent_non_repeatable_directive_arguments.hint(
        [distinct[key] for key in counts], merged, merging, coordinate=coordinate, subgraphs=names(sources)
    )


def _check_repetition(applications: Sequence[tuple[Applied, Subgraph]], merging: Merging, *, coordinate: str) -> None:
    seen: set[str] = set()
    for applied, subgraph in applications:
        if subgraph.name in seen:
            composed_directive_use.report_repeated(applied, merging, coordinate=coordinate, subgraph=subgraph.name)
        seen.add(subgraph.name)


def _key(applied: Applied, subgraph: Subgraph) -> str:
    """By which applications compare: arguments left out count as the defaults that the subgraph gives them."""
    definition = subgraph.schema.definitions.get(applied.name.removeprefix("@"))
    arguments = definition.arguments.values() if definition is not None else ()
    defaults = {argument.name: argument.default for argument in arguments if argument.default is not None}
    return Applied(applied.name, {**defaults, **applied.arguments}).key
