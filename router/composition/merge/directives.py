"""Directives that reach the supergraph: repeatable ones united, the others combined by their own rule or by majority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from graphql import BooleanValueNode, StringValueNode, ValueNode

from router.composition.advice import (
    inconsistent_non_repeatable_directive_arguments,
    merged_non_repeatable_directive_arguments,
)
from router.composition.merge.contexts import merge_contexts
from router.composition.merge.own_directives import merge_own_directive
from router.composition.merge.strategies import STRATEGIES
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Applied, Element
from router.composition.spec.features import AUTH_DIRECTIVES, MERGED_DIRECTIVES

_REPEATABLE = frozenset({"tag"})
_MERGED_APART = frozenset({"inaccessible", "context"})
_DEFAULTS: dict[str, dict[str, ValueNode]] = {
    "deprecated": {"reason": StringValueNode(value="No longer supported")},
    "listSize": {"requireOneSlicingArgument": BooleanValueNode(value=True)},
}


def merge_inaccessible(sources: Sequence[Source[Element]]) -> tuple[Applied, ...]:
    """`@inaccessible` as soon as one subgraph says so. It is printed before the join directives."""
    return (Applied("inaccessible", {}),) if any(source.element.has("inaccessible") for source in sources) else ()


def merge_directives(
    sources: Sequence[Source[Element]], merging: Merging, *, coordinate: str, auth_apart: bool = False
) -> tuple[Applied, ...]:
    """All other directives, in order of first appearance.

    With `auth_apart` the authorization directives come first, together with those that other elements hand on to this
    one: an interface is guarded as its implementations are.
    """
    elements = [source.element for source in sources]
    merged: list[Applied] = []
    mentioned = _mentioned(sources, merging)
    if "context" in mentioned:
        merged += merge_contexts(sources)
    if auth_apart:
        for name in AUTH_DIRECTIVES:
            also = merging.auth_sources.get((coordinate, name), ())
            if also or name in mentioned:
                merged += _merge_one(name, [*elements, *also], sources, merging, coordinate=coordinate)
        mentioned = [name for name in mentioned if name not in AUTH_DIRECTIVES]
    for name in mentioned:
        if name in MERGED_DIRECTIVES - _MERGED_APART:
            merged += _merge_one(name, elements, sources, merging, coordinate=coordinate)
        elif name not in _MERGED_APART:
            merged += merge_own_directive(name, sources, merging, coordinate=coordinate)
    return tuple(merged)


def _mentioned(sources: Sequence[Source[Element]], merging: Merging) -> list[str]:
    """What of the directives on an element is carried, those of the subgraphs' own among them."""
    names_ = (
        applied.name
        for source in sources
        for applied in source.element.directives
        if applied.name in MERGED_DIRECTIVES or (source.subgraph.name, applied.name) in merging.own.carried
    )
    return list(dict.fromkeys(names_))


def merge_inherited_auth(merging: Merging, *, coordinate: str) -> tuple[Applied, ...]:
    """The authorization that an element has from others alone, e.g. a field that comes from an interface object."""
    return tuple(
        directive
        for name in AUTH_DIRECTIVES
        for directive in _merge_one(
            name, merging.auth_sources.get((coordinate, name), ()), (), merging, coordinate=coordinate
        )
    )


def _merge_one(
    name: str,
    elements: Sequence[Element],
    sources: Sequence[Source[Element]],
    merging: Merging,
    *,
    coordinate: str,
) -> Iterator[Applied]:
    applications = [directive for element in elements for directive in element.applied(name)]
    distinct: dict[str, Applied] = {}
    for application in applications:
        distinct.setdefault(_key(application), application)
    ordered = list(distinct.values())
    if name in _REPEATABLE or len(ordered) <= 1:
        yield from ordered
        return
    strategy = STRATEGIES.get(name)
    subgraphs = names(sources)
    if strategy is not None:
        merged = Applied(name, strategy(ordered))
        merged_non_repeatable_directive_arguments.hint(
            ordered, merged, merging, coordinate=coordinate, subgraphs=subgraphs
        )
    else:
        counts = Counter(_key(application) for application in applications)
        merged = distinct[max(counts, key=lambda key: counts[key])]
        inconsistent_non_repeatable_directive_arguments.hint(
            ordered, merged, merging, coordinate=coordinate, subgraphs=subgraphs
        )
    yield merged


def _key(application: Applied) -> str:
    """By which applications compare: arguments left out count as their defaults."""
    defaults = _DEFAULTS.get(application.name, {})
    return Applied(application.name, {**defaults, **application.arguments}).key
