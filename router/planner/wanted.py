"""The client's selections as needs: for each object position, what is wanted of which concrete types, in the client's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLSchema, get_named_type, is_leaf_type

from router.graph import TYPENAME, Need, text_of
from router.operation.model import FieldSelection, Operation, Selection
from router.operation.normalize.narrow import possible_types
from router.operation.normalize.spread import field_type

INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One field of the client's answer for the objects of `need.types`. `wanted` is what it selects below, None for a leaf.

    A `hidden` place is shown and never fetched: denied fields, introspection, the name of a root type.
    """

    selection: FieldSelection
    need: Need
    wanted: Wanted | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Everything the client selects at one object position. `by_type` lists the places of each concrete API type.

    `is_alike` where of all such types the same is shown, and nothing that tells which it is.
    """

    type: str
    by_type: Mapping[str, tuple[Place, ...]]
    places: tuple[Place, ...] = field(default=())
    is_alike: bool = False
    deferred: tuple[Postponed, ...] = ()

    @property
    def needs(self) -> tuple[Need, ...]:
        """What has to be fetched: where types are shown differently, the type, too."""
        needs = tuple(place.need for place in self.places if not place.hidden)
        if self.is_alike or len(self.by_type) < 2:
            return needs
        return (*needs, Need(TYPENAME, self.type, frozenset(self.by_type), "String"))


@dataclass(frozen=True, slots=True, eq=False)
class Postponed:
    """What a deferred fragment selects of the objects at a position. `number` is the fragment's."""

    number: int
    label: str | None
    wanted: Wanted


def wanted_of(operation: Operation, schema: GraphQLSchema) -> Wanted:
    """The selections of a whole operation."""
    return _Reader(schema, operation.root).wanted(operation.selections, operation.root)


@dataclass(frozen=True, slots=True, eq=False)
class _Mention:
    """A selection as it stands under some type conditions: it holds for `types`."""

    selection: FieldSelection
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reader:
    schema: GraphQLSchema
    root: str

    def wanted(self, selections: tuple[Selection, ...], type_: str, only: frozenset[str] | None = None) -> Wanted:
        types = possible_types(type_, self.schema)
        held = types if only is None else only
        mentions = list(self._mentions(selections, held))
        by_key: dict[str, list[_Mention]] = {}
        for mention in mentions:
            by_key.setdefault(mention.selection.key, []).append(mention)
        places = tuple(place for same in by_key.values() for place in self._places(same))
        at = {(name, place.need.key): place for place in places for name in place.need.types}
        by_type = {
            name: tuple(at[name, key] for key in dict.fromkeys(m.selection.key for m in mentions if name in m.types))
            for name in sorted(types)
        }
        deferred = tuple(self._postponed(selections, held, type_))
        return Wanted(type_, by_type, places, self._are_alike(by_type), deferred)

    def _postponed(self, selections: tuple[Selection, ...], types: frozenset[str], type_: str) -> Iterator[Postponed]:
        for selection in selections:
            if isinstance(selection, FieldSelection):
                continue
            narrower = types & possible_types(selection.on, self.schema)
            if selection.defer is None:
                yield from self._postponed(selection.selections, narrower, type_)
            elif narrower:
                below = self.wanted(selection.selections, type_, narrower)
                yield Postponed(selection.defer.number, selection.defer.label, below)

    def _are_alike(self, by_type: Mapping[str, tuple[Place, ...]]) -> bool:
        if not by_type:
            return False
        first, *others = by_type.values()
        if any(shown != first for shown in others):
            return False
        names = [place.need.name for place in first]
        declared = ({str(field_type(type_, name, self.schema)) for type_ in by_type} for name in names)
        return TYPENAME not in names and all(len(types) == 1 for types in declared)

    def _mentions(self, selections: tuple[Selection, ...], types: frozenset[str]) -> Iterator[_Mention]:
        for selection in selections:
            if isinstance(selection, FieldSelection):
                # Where an implementation narrows a field's type, what was selected on the narrower one holds for that alone.
                yield _Mention(selection, types & possible_types(selection.parent, self.schema))
            elif selection.defer is None:
                narrower = types & possible_types(selection.on, self.schema)
                if narrower:
                    yield from self._mentions(selection.selections, narrower)

    def _places(self, same: list[_Mention]) -> Iterator[Place]:
        """The mentions of one response key as places that share no type."""
        widest = max(same, key=lambda mention: len(mention.types))
        if _is_simple(widest.selection) and all(_covers(widest, mention) for mention in same):
            yield self._place([widest], widest.types)
            return
        for types, mentions in _partition(same):
            yield self._place(mentions, types)

    def _place(self, mentions: list[_Mention], types: frozenset[str]) -> Place:
        first = mentions[0].selection
        denied = any(mention.selection.denied for mention in mentions)
        target = get_named_type(first.type)
        wanted = None
        if not is_leaf_type(target) and first.name not in INTROSPECTION:
            below = () if denied else tuple(child for m in mentions for child in m.selection.selections)
            wanted = self.wanted(below, target.name)
        need = Need(
            first.name,
            first.parent,
            types,
            target.name,
            key=first.key,
            arguments=first.arguments,
            arguments_text=text_of(first.arguments),
            directives=first.directives,
            needs=wanted.needs if wanted else (),
            is_leaf=wanted is None,
        )
        return Place(first, need, wanted, hidden=denied or self._answered_here(first))

    def _answered_here(self, selection: FieldSelection) -> bool:
        return selection.name in INTROSPECTION or (selection.name == "__typename" and selection.parent == self.root)


def _is_simple(selection: FieldSelection) -> bool:
    return not selection.selections and is_leaf_type(get_named_type(selection.type))


def _covers(wide: _Mention, other: _Mention) -> bool:
    """Whether serving `wide` serves `other` too."""
    mine, its = wide.selection, other.selection
    same = (mine.name, mine.denied, text_of(mine.arguments)) == (its.name, its.denied, text_of(its.arguments))
    return same and other.types <= wide.types


def _partition(same: Iterable[_Mention]) -> list[tuple[frozenset[str], list[_Mention]]]:
    """The types of several mentions, grouped by which of the mentions hold for them; mentions that say the same are one."""
    mentions = list(same)
    first = [next(i for i, earlier in enumerate(mentions) if _say_the_same(earlier, mention)) for mention in mentions]
    groups: dict[tuple[int, ...], set[str]] = {}
    for type_ in sorted(frozenset().union(*(mention.types for mention in mentions))):
        said = dict.fromkeys(first[index] for index, mention in enumerate(mentions) if type_ in mention.types)
        groups.setdefault(tuple(said), set()).add(type_)
    return [(frozenset(types), [mentions[i] for i in said]) for said, types in sorted(groups.items())]


def _say_the_same(one: _Mention, other: _Mention) -> bool:
    """Whether the same is wanted of objects of two types: fragments on several types may each spread one and the same.

    What is selected on an interface keeps to itself, for a subgraph may be asked for it by the interface.
    """
    mine, its = one.selection, other.selection
    if mine is its or not (mine.selections and len(one.types) == len(other.types) == 1):
        return mine is its
    return (mine.name, mine.denied, str(mine.type), mine.arguments, mine.directives, mine.selections) == (
        (its.name, its.denied, str(its.type), its.arguments, its.directives, its.selections)
    )
