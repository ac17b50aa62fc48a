"""Which places hold objects of one class, and how a class stands to what the client sees.

Objects are decoded straight into the class of the place where they will stand. Where an answer goes to several places, those share a
class; so do the answers that meet at one place. A class is *plain* where its objects, encoded, are what the client wants: of one
concrete type, under the client's own keys, in its order. Others are shown by a view that is built at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graphql import GraphQLNonNull, GraphQLOutputType, GraphQLSchema, is_object_type

from router.executor.compiled.answers import TYPENAME, Part, PartField
from router.executor.compiled.places import Place, Slot
from router.executor.compiled.refusal import Refused
from router.plan import OutputField, OutputSelection


@dataclass(slots=True, eq=False)
class Kind:
    """The objects at `places`, as the answers decoded at `parts` bring them. `typename` is set where they are of one shown type.

    `renamed` where subgraphs may call that type something else: Query and its like.
    """

    number: int
    places: list[Place]
    parts: list[Part]
    typename: str | None = None
    renamed: bool = False
    plain: bool = False
    _known: dict[str, Attribute] = field(default_factory=dict)

    @property
    def selections(self) -> Iterator[OutputSelection]:
        """What the client sees of them, at all places."""
        return (selection for place in self.places for selection in place.selections)

    def fields(self) -> list[Attribute]:
        """The fields of the class: the client's in the client's order, then those that are for the plan alone."""
        first = next(self.selections, None)
        seen = first.by_type.get(self.typename, ()) if first is not None and self.typename is not None else ()
        keys = dict.fromkeys(output.key if output.name == TYPENAME else output.source for output in seen)
        keys |= dict.fromkeys(key for place in self.places for key in place.slots)
        keys |= dict.fromkeys(key for part in self.parts for key in part.fields)
        return [self.field(key) for key in keys]

    def field(self, key: str) -> Attribute:
        """What is known of one key, over all places and answers. To be asked once all kinds are made."""
        if key not in self._known:
            self._known[key] = self._field(key)
        return self._known[key]

    def _field(self, key: str) -> Attribute:
        slots = [place.slots[key] for place in self.places if key in place.slots]
        brought = [part.fields[key] for part in self.parts if key in part.fields]
        everywhere = len(brought) == len(self.parts) and not any(found.conditional for found in brought)
        return Attribute(key, slots, brought, everywhere, self._typename_keys(key))

    def _typename_keys(self, key: str) -> bool:
        return self.plain and any(
            output.name == TYPENAME and output.key == key
            for selection in self.selections
            for output in selection.by_type.get(self.typename or "", ())
        )


@dataclass(frozen=True, eq=False)
class Attribute:
    """One key of a class. `brought` is decoded with the objects, `everywhere` if all answers bring it for every object.

    `names_type` where the client sees the type's name under this key.
    """

    key: str
    slots: Sequence[Slot]
    brought: Sequence[PartField]
    everywhere: bool
    names_type: bool = False

    @cached_property
    def shown(self) -> list[OutputField]:
        """The client's fields that read it."""
        return [output for slot in self.slots for output in slot.shown]

    @cached_property
    def types(self) -> dict[str, GraphQLOutputType]:
        """What the client may see here, by how SDL writes it. Of more than one, the most lenient reading is decoded."""
        return {str(output.type): output.type for output in self.shown}

    @property
    def absence_tells(self) -> bool:
        """Whether a missing value is not the same as null."""
        return any(slot.absence_tells for slot in self.slots)

    @cached_property
    def required(self) -> bool:
        """Whether decoding refuses null and absence, so that nobody has to look again."""
        if len(self.types) != 1 or not self.everywhere or not self.brought:
            return False
        if any(output.opaque for output in self.shown):
            return False  # any JSON is let through, null too
        return isinstance(next(iter(self.types.values())), GraphQLNonNull)

    @property
    def absent_is_unset(self) -> bool:
        """Whether UNSET stands for a missing value, not None: it is to leave no trace, or must be told from null."""
        return not self.required and (not self.shown or self.absence_tells)


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """All classes of a plan; each comes behind those of the objects below it."""

    ordered: tuple[Kind, ...]
    _of_place: Mapping[Place, Kind] = field(repr=False)
    _of_part: Mapping[Part, Kind] = field(repr=False)

    def at(self, place: Place) -> Kind:
        """The class of the objects at a place."""
        return self._of_place[place]

    def of(self, part: Part) -> Kind:
        """The class that the objects of a part below the top of an answer are decoded to."""
        return self._of_part[part]


def kinds_of(root: Place, api: GraphQLSchema) -> Kinds:
    """The classes for a merged tree. Raises Refused where one would have to hold itself."""
    of_place: dict[Place, Kind] = {}
    of_part: dict[Part, Kind] = {}
    for place in root.within():
        for kind in {id(of_part[part]): of_part[part] for part in place.parts if part in of_part}.values():
            _join(of_place, of_part, place, kind)
        kind = of_place.setdefault(place, Kind(0, [place], []))
        for part in place.parts:
            if part not in of_part:
                of_part[part] = kind
                kind.parts.append(part)
    roots = {type_.name for type_ in (api.query_type, api.mutation_type, api.subscription_type) if type_}
    ordered = _Order(of_place).ordered()
    for number, kind in enumerate(ordered):
        kind.number = number
        kind.typename = _typename(kind, api)
        kind.renamed = kind.typename in roots
        kind.plain = _is_plain(kind, of_place)
    return Kinds(tuple(ordered), of_place, of_part)


def _join(of_place: dict[Place, Kind], of_part: dict[Part, Kind], place: Place, kind: Kind) -> None:
    known = of_place.get(place)
    if known is kind:
        return
    if known is None:
        of_place[place] = kind
        kind.places.append(place)
        return
    for other in known.places:
        of_place[other] = kind
    for part in known.parts:
        of_part[part] = kind
    kind.places += known.places
    kind.parts += known.parts


@dataclass(slots=True)
class _Order:
    """Deepest first."""

    of_place: Mapping[Place, Kind]
    done: dict[int, Kind] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)

    def ordered(self) -> list[Kind]:
        for kind in self.of_place.values():
            self._visit(kind)
        return list(self.done.values())

    def _visit(self, kind: Kind) -> None:
        if id(kind) in self.done:
            return
        if id(kind) in self.under_way:
            raise Refused("an answer stands at two places, one below the other")
        self.under_way.add(id(kind))
        for place in kind.places:
            for slot in place.slots.values():
                if slot.below is not None:
                    self._visit(self.of_place[slot.below])
        self.done[id(kind)] = kind


def _typename(kind: Kind, api: GraphQLSchema) -> str | None:
    names = {selection.type_name for selection in kind.selections}
    name = names.pop() if len(names) == 1 else None
    return name if name is not None and is_object_type(api.get_type(name)) else None


def _is_plain(kind: Kind, of_place: Mapping[Place, Kind]) -> bool:
    shown = [(place, selection) for place in kind.places for selection in place.selections]
    if kind.typename is None or any(kind.typename not in selection.by_type for _, selection in shown):
        return False
    fields = [selection.by_type[kind.typename] for _, selection in shown]
    if len({tuple((f.key, f.source, f.name, str(f.type)) for f in each) for each in fields}) != 1:
        return False
    return all(
        _is_straight(output, place, of_place, kind)
        for (place, _), each in zip(shown, fields, strict=True)
        for output in each
    )


def _is_straight(output: OutputField, place: Place, of_place: Mapping[Place, Kind], kind: Kind) -> bool:
    """Whether the class can hold the field under the client's key, as the client wants it."""
    if output.name == TYPENAME:
        return output.key not in place.slots or (output.key == TYPENAME and not kind.renamed)
    if output.key != output.source:
        return False
    below = place.slots[output.source].below
    return output.selection is None or (below is not None and of_place[below].plain)
