"""The merged tree of a plan as far as it can be known beforehand: every object position, and who brings what to it.

A place is a path of keys, whatever the types of the objects on the way. `Kind`s, in kinds.py, say which places hold objects of one
class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from router.executor.compiled.answers import TYPENAME, Part, PartField, parts_of
from router.executor.compiled.refusal import Refused
from router.limits import COMPILED_PLACES_MAX
from router.plan import EACH, Fetch, OutputField, OutputSelection, Path, PathKey, QueryPlan, Representation
from router.plan import RepresentationField as Wanted
from router.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True, eq=False)
class Fill:
    """Objects at `path` are completed with `part`: entities number `entities` of a fetch, or the data of a root fetch (-1)."""

    fetch: Fetch
    entities: int
    anchor: int
    path: Path
    part: Part
    representations: tuple[Representation, ...] = ()


@dataclass(slots=True, eq=False)
class Slot:
    """One key at a place. `brought` are the fields of answers that bring it; `shown` the client's fields that read it.

    `absence_tells` where a missing value is not the same as null: a nullable key of an entity.
    """

    key: str
    shown: list[OutputField] = field(default_factory=list)
    brought: list[PartField] = field(default_factory=list)
    below: Place | None = None
    absence_tells: bool = False


@dataclass(slots=True, eq=False)
class Place:
    """The objects at one path. `parts` are the positions of answers whose objects stand here as they are."""

    path: Path
    slots: dict[str, Slot] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    selections: list[OutputSelection] = field(default_factory=list)

    def slot(self, key: str) -> Slot:
        """The slot of a key, made where it is not known yet."""
        return self.slots.setdefault(key, Slot(key))

    @property
    def named(self) -> bool:
        """Whether any answer tells the types of the objects here."""
        return TYPENAME in self.slots and bool(self.slots[TYPENAME].brought)

    def within(self) -> Iterator[Place]:
        """This place and all below it."""
        yield self
        for slot in self.slots.values():
            if slot.below is not None:
                yield from slot.below.within()


def places_of(plan: QueryPlan, supergraph: Supergraph) -> Place:
    """The root of the merged tree. Raises Refused where it is too large."""
    builder = _Builder(supergraph)
    root = builder.place(())
    builder.show(root, plan.output)
    for fetch in plan.fetches:
        builder.fetch(root, fetch)
    return root


@dataclass(slots=True)
class _Builder:
    supergraph: Supergraph
    made: int = 0
    _shown: set[tuple[int, int]] = field(default_factory=set)

    def place(self, path: Path) -> Place:
        self.made += 1
        if self.made > COMPILED_PLACES_MAX:
            raise Refused("the plan has too many object positions")
        return Place(path)

    def below(self, place: Place, key: str, type_: GraphQLOutputType | None) -> Place:
        slot = place.slot(key)
        if slot.below is None:
            slot.below = self.place((*place.path, PathKey(key), *(EACH,) * (_list_levels(type_))))
        return slot.below

    # ── what the client sees ────────────────────────────────────────────────────────────────────────────────────────

    def show(self, place: Place, selection: OutputSelection) -> None:
        if (id(place), id(selection)) in self._shown:  # one that holds for several types is met once for each
            return
        self._shown.add((id(place), id(selection)))
        place.selections.append(selection)
        for output in (output for fields in selection.by_type.values() for output in fields):
            if output.name == TYPENAME:
                continue
            place.slot(output.source).shown.append(output)
            if output.selection is not None:
                self.show(self.below(place, output.source, output.type), output.selection)

    # ── what is fetched ─────────────────────────────────────────────────────────────────────────────────────────────

    def fetch(self, root: Place, fetch: Fetch) -> None:
        parts = parts_of(fetch, self.supergraph)
        if not fetch.entities:
            self._fill(root, Fill(fetch, -1, 0, fetch.path, parts[0]))
        for number, (entities, part) in enumerate(zip(fetch.entities, parts, strict=True) if fetch.entities else ()):
            for index, anchor in enumerate(entities.anchors):
                if anchor.contexts:
                    raise Refused("the plan reads values from objects further up (@fromContext)")
                self._fill(root, Fill(fetch, number, index, anchor.path, part, anchor.representations))

    def _fill(self, root: Place, fill: Fill) -> None:
        place = self._at(root, fill.path)
        place.fills.append(fill)
        for choice in fill.representations:
            self._read(place, choice.fields)
        self._bring(place, fill.part)

    def _at(self, place: Place, path: Path) -> Place:
        """The place at the end of a path; all on the way are there already, for an earlier fetch brought them."""
        for step in path:
            if isinstance(step, PathKey):
                below = place.slot(step.key).below
                if below is None:
                    raise Refused("a fetch works on objects that no fetch brings")
                place = below
        return place

    def _read(self, place: Place, inputs: tuple[Wanted, ...]) -> None:
        for wanted in inputs:
            slot = place.slot(wanted.key)
            slot.absence_tells = slot.absence_tells or (wanted.is_key and wanted.nullable)
            if wanted.fields and slot.below is not None:
                self._read(slot.below, wanted.fields)

    def _bring(self, place: Place, part: Part) -> None:
        for key, found in part.fields.items():
            place.slot(key).brought.append(found)
            if found.part is not None:
                below = self.below(place, key, found.type)
                below.parts.append(found.part)
                self._bring(below, found.part)


def _list_levels(type_: GraphQLOutputType | None) -> int:
    levels = 0
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        levels += isinstance(type_, GraphQLList)
        type_ = type_.of_type
    return levels
