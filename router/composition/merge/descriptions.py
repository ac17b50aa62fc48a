"""Descriptions: the most frequent one that says something, the first of them on a tie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from router.composition.advice import inconsistent_description
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Element


def merge_description(sources: Sequence[Source[Element]], merging: Merging, *, coordinate: str) -> str | None:
    """The description that the supergraph gives to an element."""
    given = [
        (source.subgraph.name, source.element.description)
        for source in sources
        if source.element.description is not None
    ]
    if not given:
        return None
    return choose_description(given, merging, coordinate=coordinate, subgraphs=names(sources))


def choose_description(
    given: Sequence[tuple[str, str]], merging: Merging, *, coordinate: str, subgraphs: Sequence[str]
) -> str | None:
    """Choose among (subgraph, description) pairs; a hint tells where they differ."""
    counts = Counter(description for _, description in given if description)
    if not counts:
        return "" if given else None
    chosen = max(counts, key=lambda description: counts[description])  # `max` keeps the first of equals
    if len(counts) > 1:
        users = [subgraph for subgraph, description in given if description == chosen]
        inconsistent_description.hint(users, merging, coordinate=coordinate, subgraphs=subgraphs)
    return chosen
