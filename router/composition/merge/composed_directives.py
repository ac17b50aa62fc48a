"""@composeDirective: which directives of the subgraphs' own specifications the supergraph gets, and as which version has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from router.composition.advice import directive_composition_info, directive_composition_warn
from router.composition.model.linking import OwnDirectives
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.schema import Applied, DirectiveDefinition, own_name
from router.composition.model.subgraph import Subgraph
from router.composition.rules import directive_composition_error
from router.composition.spec.features import COMPOSED_DIRECTIVES, GRAPHQL_DIRECTIVES, is_of_the_platform
from router.composition.spec.link import FEDERATION, Feature

_RESERVED = ("tag", "inaccessible")
_CARRIED_ANYWAY = COMPOSED_DIRECTIVES - {"cost", "listSize"}


@dataclass(frozen=True, slots=True)
class _Item:
    """A directive that a subgraph composes: `element` in its specification, `name` in the schema."""

    subgraph: Subgraph
    feature: Feature
    element: str
    name: str
    place: Place | None

    @property
    def identity(self) -> str:
        return self.feature.url.identity


@dataclass(frozen=True, slots=True)
class _User:
    """A subgraph that links a specification; `composes` says whether it composes anything of it."""

    subgraph: Subgraph
    feature: Feature
    composes: bool

    @property
    def version(self) -> tuple[str, str]:
        return self.subgraph.name, str(self.feature.url.version)

    @property
    def place(self) -> Place | None:
        return self.subgraph.links.place(self.feature.url.identity)


def find_own_directives(subgraphs: Sequence[Subgraph], report: Report) -> OwnDirectives:
    """What the subgraphs compose; every @composeDirective that cannot be followed is reported."""
    items = [item for subgraph in subgraphs for item in _items(subgraph, subgraphs, report)]
    newest = dict(_newest(subgraphs, items, report))
    _check_names(subgraphs, items, report)
    composed = {item.name: item for item in items if item.identity in newest}
    return OwnDirectives(
        features=tuple(_in_supergraph(users[0].feature, composed.values()) for users in newest.values()),
        definitions=dict(_definitions(composed.values(), newest, report)),
        carried=frozenset((item.subgraph.name, own_name(item.name)) for item in items if item.identity in newest),
    )


def _items(subgraph: Subgraph, subgraphs: Sequence[Subgraph], report: Report) -> Iterator[_Item]:
    for application in subgraph.schema.directives:
        if application.name == "composeDirective":
            item = _item(application, subgraph, subgraphs, report)
            if item is not None:
                yield item


def _item(application: Applied, subgraph: Subgraph, subgraphs: Sequence[Subgraph], report: Report) -> _Item | None:
    written, place = application.string("name") or "", application.place
    if not written.startswith("@"):
        directive_composition_error.report_name(application, report, subgraph=subgraph.name)
        return None
    name = written[1:]
    known = {*subgraph.schema.definitions, *subgraph.links.canonical_directives(), *GRAPHQL_DIRECTIVES}
    if name not in known:
        directive_composition_error.report_undefined(name, known, report, subgraph=subgraph.name, place=place)
        return None
    source = subgraph.links.source(name)
    if source is None:
        directive_composition_error.report_unlinked(name, report, subgraph=subgraph.name, place=place)
        return None
    feature, element = source
    if element is None:
        imported = feature.imports[f"@{feature.prefixed_directive(name)}"]
        directive_composition_error.report_renamed(name, imported, report, subgraph=subgraph.name, place=place)
        return None
    if is_of_the_platform(feature.url.identity):
        if feature.url.identity == FEDERATION and element in _CARRIED_ANYWAY:
            directive_composition_info.hint_default(name, report, subgraph=subgraph.name)
        else:
            directive_composition_error.report_reserved(name, report, subgraph=subgraph.name, place=place)
        return None
    if _is_taken(name, subgraph, subgraphs, report, place=place):
        return None
    return _Item(subgraph, feature, element, name, place)


def _is_taken(
    name: str, subgraph: Subgraph, subgraphs: Sequence[Subgraph], report: Report, *, place: Place | None
) -> bool:
    """Whether a directive of federation, which is carried under its own name, is called the same in any subgraph."""
    for reserved in _RESERVED:
        users = [
            other.name
            for other in subgraphs
            if (federation := other.links.federation) is not None and federation.directive_name(reserved) == name
        ]
        if users:
            directive_composition_error.report_taken(name, reserved, users, report, subgraph=subgraph.name, place=place)
            return True
    return False


def _newest(subgraphs: Sequence[Subgraph], items: Sequence[_Item], report: Report) -> Iterator[tuple[str, list[_User]]]:
    """The subgraphs that link the newest composed version of each composed specification, by its identity."""
    composing = {(item.subgraph.name, item.identity) for item in items}
    by_identity: dict[str, list[_User]] = {}
    for subgraph in subgraphs:
        for identity, feature in subgraph.links.features.items():
            if not is_of_the_platform(identity):
                user = _User(subgraph, feature, (subgraph.name, identity) in composing)
                by_identity.setdefault(identity, []).append(user)
    for identity, users in by_identity.items():
        if _is_one_series(identity, users, report):
            composed = [user for user in users if user.composes]
            newest = max((user.feature.url.version for user in composed), default=None)
            if newest is not None:
                yield identity, [user for user in users if user.feature.url.version == newest]


def _is_one_series(identity: str, users: Sequence[_User], report: Report) -> bool:
    """Whether the composed versions of a specification go together; others that do not are hinted at."""
    composed = [user for user in users if user.composes]
    if len({user.feature.url.version.major for user in composed}) > 1:
        places = [user.place for user in users]
        directive_composition_error.report_versions(identity, [user.version for user in users], report, places)
        return False
    if len({user.feature.url.version.major for user in users}) > 1:
        directive_composition_info.hint_versions(identity, [user.version for user in users], report)
    return True


def _in_supergraph(feature: Feature, composed: Iterable[_Item]) -> Feature:
    imports = {f"@{item.element}": f"@{item.name}" for item in composed if item.identity == feature.url.identity}
    return Feature(feature.url, feature.url.name, imports)


def _definitions(
    composed: Iterable[_Item], newest: Mapping[str, Sequence[_User]], report: Report
) -> Iterator[tuple[str, tuple[Subgraph, DirectiveDefinition]]]:
    """Each directive as a subgraph with the newest version of its specification defines it, the last of them first."""
    for item in composed:
        users = newest[item.identity]
        for user in reversed(users):
            definition = user.subgraph.schema.definitions.get(user.feature.directive_name(item.element))
            if definition is not None:
                yield item.name, (user.subgraph, definition)
                break
        else:
            directive_composition_error.report_undefined_in_newest(
                item.name,
                str(users[0].feature.url),
                [user.subgraph.name for user in users],
                report,
                [user.place for user in users],
            )


def _check_names(subgraphs: Sequence[Subgraph], items: Sequence[_Item], report: Report) -> None:
    """One name must be one directive everywhere, and one directive have one name wherever it is composed."""
    by_name: dict[str, list[_Item]] = {}
    by_element: dict[str, list[_Item]] = {}
    for item in items:
        by_name.setdefault(item.name, []).append(item)
        by_element.setdefault(item.element, []).append(item)
    for name, group in by_name.items():
        if len({(item.element, item.identity) for item in group}) > 1:
            meanings = [(item.subgraph.name, f'"@{item.element}" of "{item.identity}"') for item in group]
            directive_composition_error.report_meanings(name, meanings, report, [item.place for item in group])
    for element, group in by_element.items():
        if len({item.name for item in group}) > 1:
            called = [(item.subgraph.name, item.name) for item in group]
            directive_composition_error.report_names(element, called, report, [item.place for item in group])
        _hint_other_names(group, subgraphs, report)


def _hint_other_names(group: Sequence[_Item], subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Tell which subgraphs import a composed directive under another name without composing it."""
    first = group[0]
    composing = {item.subgraph.name for item in group}
    others = [
        (subgraph.name, local)
        for subgraph in subgraphs
        if subgraph.name not in composing and (feature := subgraph.links.features.get(first.identity)) is not None
        if (local := feature.imports.get(f"@{first.element}", f"@{first.name}")) != f"@{first.name}"
    ]
    if others:
        directive_composition_warn.hint(first.name, others, report)
