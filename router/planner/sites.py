"""Sites: the object positions of the merged tree, what stands there already, and which fetches are present.

The client's selections make the first sites; inputs of fetches (keys, @requires) add fields, and sites, of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from router.graph import TYPENAME, Graph, Need, Node
from router.plan import EACH, Path, PathKey
from router.planner.keys import Slot
from router.planner.scope import EVERYWHERE, Further, Scope
from router.planner.selected import Alike, Selected
from router.planner.wanted import Place, Wanted

FieldId: TypeAlias = tuple[str, str, str]
"""A concrete type, a field of it, and the field's canonical arguments."""


@dataclass(slots=True, eq=False)
class Part:
    """A part of the answer that is fetched for itself: number 0 is the primary one, the others are deferred.

    While one is planned, only it and those around it are `visible`: nothing of the others may be built on.
    """

    number: int = 0
    within: Part | None = None
    is_visible: bool = True

    def around(self) -> Iterator[Part]:
        """It, and every part that it is within."""
        part: Part | None = self
        while part is not None:
            yield part
            part = part.within


@dataclass(slots=True, eq=False)
class Group:
    """A fetch being put together: everything one request asks of a subgraph at one site.

    `inputs` are the representations by concrete type, `typenames` what they call the type, `needs` the groups it must wait for.
    `contexts` are the variables whose values are read further up; then `path` leads only to the objects that have them there.
    """

    graph: str
    site: Site
    path: Path
    stage: int
    number: int
    is_entity: bool
    selected: Selected = field(default_factory=Selected)
    inputs: dict[str, dict[tuple[str, str, tuple[str, ...]], Input]] = field(default_factory=dict)
    typenames: dict[str, str] = field(default_factory=dict)
    after: dict[int, Group] = field(default_factory=dict)
    contexts: dict[str, Above] = field(default_factory=dict)
    part: Part = field(default_factory=Part)

    def wait_for(self, group: Group) -> None:
        """Run behind `group`, which must be of an earlier stage: so there are no cycles."""
        assert group.stage < self.stage, "a fetch waits for fetches of earlier stages only"
        self.after[group.number] = group


@dataclass(slots=True, eq=False)
class Input:
    """One input of a representation while inputs are being gathered; see RepresentationField."""

    name: str
    key: str
    on: tuple[str, ...] = ()
    nullable: bool = True
    is_key: bool = False
    below: list[Input] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Above:
    """A value that is read from the objects at a site above: its type, and for each type of object the keys that lead to it."""

    type: str
    site: Site
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """A group that stands at a site: at `node`, for objects of `types` in `scope`, selecting into `selected`.

    `whole` is the selection of the site before it was narrowed to `types`: the place of `__typename`. `contexts` are set for its
    objects, each by the nearest above.
    """

    group: Group
    site: Site
    node: Node
    types: frozenset[str]
    selected: Alike
    whole: Alike
    scope: Scope = EVERYWHERE
    contexts: Mapping[str, Presence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A field that some group fetches at a site for the objects in `scope`, and the key it stands under."""

    group: Group
    key: str
    scope: Scope


@dataclass(slots=True, eq=False)
class Site:
    """One object position: the objects of `types` at `path`."""

    type: str
    types: frozenset[str]
    path: Path
    slot: Slot
    keys: dict[FieldId, str] = field(default_factory=dict)
    client_keys: dict[tuple[str, str], str] = field(default_factory=dict)
    below: dict[tuple[str, str], Site] = field(default_factory=dict)
    facts: dict[FieldId, dict[tuple[int, str], Fact]] = field(default_factory=dict)
    presences: list[Presence] = field(default_factory=list)
    scopes: dict[Further, Scope] = field(default_factory=dict)

    def keys_of(self, need: Need, types: Iterable[str]) -> dict[str, list[str]]:
        """The physical keys of a need, each with those of `types` whose objects have it there."""
        found: dict[str, list[str]] = {}
        for type_ in types:
            found.setdefault(self.key_of(need, type_), []).append(type_)
        return found

    def key_of(self, need: Need, type_: str) -> str:
        """The physical key of a need for objects of a type; one that the plan adds gets its key now."""
        if need.name == TYPENAME:
            return TYPENAME
        if need.key is not None:
            return self.client_keys[type_, need.key]
        known = self.keys.get(field_id(need, type_))
        return known or self.occupy(replace(need, types=frozenset({type_})))

    def occupy(self, need: Need, *, denied: bool = False) -> str:
        """Hold a physical key for a need. Inputs are never read from a denied one."""
        key = self.slot.occupy(self, need, denied=denied)
        if not denied:
            for type_ in need.types:
                self.keys.setdefault(field_id(need, type_), key)
        return key

    def below_of(self, need: Need, types: Iterable[str]) -> Site:
        """The site that a composite need of objects of `types`, which share its key, leads to."""
        key = self.key_of(need, next(iter(types)))
        missing = [type_ for type_ in types if (type_, key) not in self.below]
        if missing:
            self.open_below(replace(need, types=frozenset(missing)), key)
        return self.below[next(iter(types)), key]

    def open_below(self, need: Need, key: str) -> Site:
        """Make the site below a composite field that stands under `key`."""
        graph = self.slot.graph
        field_type = graph.type(need.parent).fields[need.name].type
        # Objects of hidden types are told from none that is shown: whoever knows their interface alone may have brought them too.
        told_apart = self.types & graph.shown(self.type) or self.types
        guard = () if need.types >= told_apart else tuple(sorted(need.types))
        path = (*self.path, PathKey(key, guard), *(EACH for _ in range(field_type.count("["))))
        site = Site(need.target, graph.type(need.target).possible, path, self.slot.child(key))
        for type_ in need.types:
            self.below[type_, key] = site
        return site

    # ── facts ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def learn(self, need: Need, type_: str, fact: Fact) -> None:
        """Remember who fetches a field.

        A client may fetch one object under several keys; inputs are read from the first of them alone, for each holds only
        what was selected below it.
        """
        field_ = field_id(need, type_)
        if need.is_leaf or fact.key == self.keys.get(field_):
            known = self.facts.setdefault(field_, {})
            same = known.get((fact.group.number, fact.key))
            known[fact.group.number, fact.key] = replace(fact, scope=same.scope.united(fact.scope)) if same else fact

    def fact(self, need: Need, type_: str, scope: Scope) -> Fact | None:
        """Who fetches a field for all objects of `type_` in a scope, earliest first, if anybody does."""
        known = (
            fact
            for fact in self.facts.get(field_id(need, type_), {}).values()
            if fact.group.part.is_visible and fact.scope.covers(scope)
        )
        return min(known, key=lambda fact: fact.group.stage, default=None)

    def present(self, type_: str, scope: Scope) -> list[Presence]:
        """The groups that stand here with all objects of `type_` in a scope, earliest first."""
        here = (p for p in self.visible() if type_ in p.types and p.scope.covers(scope))
        return sorted(here, key=lambda presence: presence.group.stage)

    def standing(self, scope: Scope) -> list[str]:
        """The types of object that some group may have brought here within a scope, or several groups each in a part of it."""
        here = [p.types for p in self.visible() if p.scope.covers(scope)]
        return sorted(frozenset().union(*(here or (p.types for p in self.visible() if p.scope.meets(scope)))))

    def visible(self) -> Iterator[Presence]:
        """The groups that stand here and may be built on."""
        return (presence for presence in self.presences if presence.group.part.is_visible)


def field_id(need: Need, type_: str) -> FieldId:
    """What tells the field of a need, on one concrete type, from every other."""
    return (type_, need.name, need.arguments_text)


def sites_of(wanted: Wanted, root: str, graph: Graph) -> Site:
    """The sites of the client's selections, with every response key held before the plan adds fields of its own."""
    site = Site(root, frozenset({root}), (), Slot(graph))
    _settle(site, wanted)
    return site


def _settle(site: Site, wanted: Wanted) -> None:
    for place in wanted.places:
        need = place.need
        if need.name == TYPENAME or need.name.startswith("__"):
            key = need.name if need.name == TYPENAME else need.key or need.name
        else:
            for alike in site.slot.alike(need):
                whole = alike == need.types
                _settle_alike(site, place if whole else replace(place, need=replace(need, types=alike)))
            continue
        for type_ in sorted(need.types):
            site.client_keys[type_, need.key or need.name] = key


def _settle_alike(site: Site, place: Place) -> None:
    """Settle a field of objects whose types can all have it under one key."""
    need = place.need
    key = site.occupy(need, denied=place.hidden)
    for type_ in sorted(need.types):
        site.client_keys[type_, need.key or need.name] = key
    if place.wanted is not None and not place.hidden:
        _settle(site.open_below(need, key), place.wanted)
