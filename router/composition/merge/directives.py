"""Directives that reach the supergraph: repeatable ones united, the others combined by their own rule or by majority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from graphql import BooleanValueNode, StringValueNode, ValueNode

from router.composition.hints import HintCode
from router.composition.merge.strategies import STRATEGIES
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Applied, Element
from router.composition.spec.features import AUTH_DIRECTIVES, MERGED_DIRECTIVES

_REPEATABLE = frozenset({"tag"})
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
    seen = dict.fromkeys(directive.name for element in elements for directive in element.directives)
    mentioned = [name for name in seen if name in MERGED_DIRECTIVES and name != "inaccessible"]
    if auth_apart:
        for name in AUTH_DIRECTIVES:
            also = merging.auth_sources.get((coordinate, name), ())
            merged += _merge_one(name, [*elements, *also], sources, merging, coordinate=coordinate)
        mentioned = [name for name in mentioned if name not in AUTH_DIRECTIVES]
    for name in mentioned:
        merged += _merge_one(name, elements, sources, merging, coordinate=coordinate)
    return tuple(merged)


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
    distinct = {_key(application): application for application in reversed(applications)}
    ordered = sorted(distinct.values(), key=applications.index)
    if name in _REPEATABLE or len(ordered) <= 1:
        yield from ordered
        return
    strategy = STRATEGIES.get(name)
    if strategy is not None:
        yield Applied(name, strategy(ordered))
        code, what = HintCode.MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS, "combined"
    else:
        counts = Counter(_key(application) for application in applications)
        yield distinct[max(counts, key=lambda key: counts[key])]
        code, what = HintCode.INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS, "the most frequent are used"
    merging.report.hint(
        code,
        f'@{name} on "{coordinate}" has different arguments in different subgraphs: {what}.',
        subgraphs=names(sources),
        coordinates=[coordinate],
    )


def _key(application: Applied) -> str:
    """By which applications compare: arguments left out count as their defaults."""
    defaults = _DEFAULTS.get(application.name, {})
    return Applied(application.name, {**defaults, **application.arguments}).key
