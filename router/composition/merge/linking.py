"""Choosing what the supergraph links, and under which names: before anything is merged, since every name depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from router.composition.merge.aliases import Aliases, Carried
from router.composition.merge.composed_directives import find_own_directives
from router.composition.model.linking import Linking
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.schema import BUILT_IN_SCALARS
from router.composition.model.subgraph import Subgraph
from router.composition.rules import link_import_name_mismatch
from router.composition.spec import join
from router.composition.spec.connect import CONNECT, NEWEST_STABLE
from router.composition.spec.features import BUILT_IN_DIRECTIVES, COMPOSED_FEATURES, ComposedFeature
from router.composition.spec.known import find_specification
from router.composition.spec.link import Feature

_LINKED_ALREADY = ("link", "join")


def choose_linking(subgraphs: Sequence[Subgraph], report: Report) -> Linking:
    """The links of the supergraph. They are of use only where the report has no error."""
    names = dict(_names(subgraphs, report))
    own = find_own_directives(subgraphs, report)
    used = [feature for feature in COMPOSED_FEATURES if names.keys() & {*feature.directives, *feature.wrapped}]
    carried = [*(_carried(feature, names) for feature in used), *(_own_carried(feature) for feature in own.features)]
    aliases = Aliases(carried, _LINKED_ALREADY, lambda: _element_names(subgraphs))
    defined = tuple(
        (feature.specification, feature.in_supergraph(names, aliases.choose(feature.url))) for feature in used
    )
    features = tuple(replace(feature, prefix=aliases.choose(feature.url)) for feature in own.features)
    return Linking(names, defined, tuple(_connectors(subgraphs)), replace(own, features=features))


def _names(subgraphs: Sequence[Subgraph], report: Report) -> Iterator[tuple[str, str]]:
    """Every carried directive that some subgraph applies, with the name it has in all of them."""
    for feature in COMPOSED_FEATURES:
        for name in (*feature.directives, *feature.wrapped):
            local = [(s, used) for s in subgraphs for used in s.schema.local_names.get(name, ())]
            if local:
                link_import_name_mismatch.check(
                    name,
                    [(subgraph.name, used) for subgraph, used in local],
                    report,
                    places=[_link_place(subgraph, used) for subgraph, used in local],
                )
                yield name, local[0][1]


def _connectors(subgraphs: Sequence[Subgraph]) -> Iterator[Feature]:
    """The link of the connect specification: its newest stable version, or a newer one that some subgraph links."""
    linked = [s.links.features[CONNECT].url for s in subgraphs if CONNECT in s.links.features]
    known = [url.version for url in linked if find_specification(url) is not None]
    if known:
        yield Feature(replace(linked[0], version=max(NEWEST_STABLE, *known)), linked[0].name, purpose="EXECUTION")


def _link_place(subgraph: Subgraph, directive: str) -> Place | None:
    source = subgraph.links.source(directive)
    return subgraph.links.place(source[0].url.identity) if source is not None else None


def _carried(feature: ComposedFeature, names: Mapping[str, str]) -> Carried:
    elements = (*feature.directives, *feature.wrapped)
    return Carried(feature.url, tuple((name, names[name]) for name in elements if name in names))


def _own_carried(feature: Feature) -> Carried:
    return Carried(feature.url, tuple((element[1:], local[1:]) for element, local in feature.imports.items()))


def _element_names(subgraphs: Sequence[Subgraph]) -> Iterator[str]:
    """Every name of a type or directive in the subgraphs and in the supergraph's machinery."""
    yield from (*join.TYPES, *join.DIRECTIVES, *BUILT_IN_SCALARS, *BUILT_IN_DIRECTIVES, "skip", "include")
    for subgraph in subgraphs:
        yield from subgraph.schema.types
        yield from subgraph.schema.definitions
        for feature, specification in subgraph.links.known():
            yield from (feature.directive_name(name) for name in specification.directives)
            yield from (feature.type_name(name) for name in specification.types)
