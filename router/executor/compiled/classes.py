"""Makes the classes that answers are decoded to. Decoding is most of the checking: types, nulls, and nothing that was not asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from graphql import GraphQLNonNull, GraphQLOutputType, GraphQLSchema
from msgspec import UNSET, UnsetType

from router.executor.compiled.answers import TYPENAME, Part
from router.executor.compiled.kinds import Attribute, Kind, Kinds
from router.executor.compiled.leaves import Annotation, as_decoded, shown_leaf, unseen_leaf, wrapped
from router.executor.compiled.places import Fill, Place
from router.executor.compiled.source import Source
from router.plan import Fetch

_NEVER: Annotation = UnsetType
"""Of a field that is filled later: no value in an answer is one."""


@dataclass(slots=True)
class Classes:
    """The classes of one plan, made one by one: those of the objects below before those above."""

    kinds: Kinds
    api: GraphQLSchema
    source: Source
    _made: dict[Kind, Any] = field(default_factory=dict)

    def make_all(self) -> None:
        """Make the classes of all kinds; they are globals `K0`, `K1` … of the source."""
        for kind in self.kinds.ordered:
            fields = [self._field(attribute, kind) for attribute in kind.fields()]
            self._made[kind] = self.source.namespace[f"K{kind.number}"] = _struct(f"K{kind.number}", fields)

    def decoder(self, fetch: Fetch, fills: Sequence[tuple[Fill, Place]]) -> Any:
        """Decodes the answer to a fetch to an object with its `data`; that of an entity fetch has `e0`, `e1` … in turn."""
        if not fetch.entities:
            data = self._top(fetch, -1, fills)
        else:
            lists = [
                (f"e{number}", _list_of(self._top(fetch, number, fills)), msgspec.field(name=entities.key))
                for number, entities in enumerate(fetch.entities)
            ]
            data = _struct(f"Data{fetch.id}", lists)
        answer = _struct(f"Answer{fetch.id}", [("data", data), ("extensions", Any, None)])
        return msgspec.json.Decoder(answer, float_hook=msgspec.Raw, dec_hook=as_decoded).decode

    def _top(self, fetch: Fetch, number: int, fills: Sequence[tuple[Fill, Place]]) -> Any:
        """What one entity, or a root fetch, brings to the objects it completes."""
        mine = [(fill, place) for fill, place in fills if fill.fetch is fetch and fill.entities == number]
        part, places = mine[0][0].part, [place for _, place in mine]
        kinds = [self.kinds.at(place) for place in places]
        kind = kinds[0] if len({kind.typename for kind in kinds}) == 1 else None
        fields = [self._field(patched(part, key, places), kind) for key in part.fields]
        return _struct(f"Top{fetch.id}_{number}", fields)

    def _field(self, attribute: Attribute, kind: Kind | None) -> tuple[Any, ...]:
        name = self.source.attribute(attribute.key)
        if attribute.names_type or attribute.key == TYPENAME:
            typename = kind.typename if kind is not None else None
            one = str if kind is None or typename is None or kind.renamed else Literal[typename]
            default = typename if attribute.names_type else UNSET
            return name, one if attribute.brought else _NEVER, msgspec.field(name=attribute.key, default=default)
        annotation = self._annotation(attribute)
        if attribute.required:
            return name, annotation, msgspec.field(name=attribute.key)
        absent = UNSET if attribute.absent_is_unset else None
        return name, annotation, msgspec.field(name=attribute.key, default=absent)

    def _annotation(self, attribute: Attribute) -> Annotation:
        if not attribute.brought:
            return _NEVER
        type_, exact = _decoded_type(attribute)
        part = next((found.part for found in attribute.brought if found.part is not None), None)
        if part is not None:
            return wrapped(self._made[self.kinds.of(part)], type_, exact=exact)
        leaf = shown_leaf(type_, self.api) if attribute.shown and type_ is not None else unseen_leaf(type_)
        return wrapped(leaf, type_, exact=exact)


def patched(part: Part, key: str, places: Sequence[Place]) -> Attribute:
    """A key of what is put into the objects at `places`."""
    found = part.fields[key]
    slots = [place.slots[key] for place in places]
    return Attribute(key, slots, [found], not found.conditional)


def _decoded_type(attribute: Attribute) -> tuple[GraphQLOutputType | None, bool]:
    """The type to decode, and whether its nulls are to be refused; a null at the top only where the value is required."""
    types: Mapping[str, GraphQLOutputType] = attribute.types
    if not types:
        return attribute.brought[0].type, False
    type_ = next(iter(types.values()))
    if not attribute.required and isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    return type_, len(types) == 1


def _list_of(entity: Any) -> Annotation:
    return list[entity | None]


def _struct(name: str, fields: Sequence[tuple[Any, ...]]) -> Any:
    # No garbage collection: the trees have no cycles. An unknown field means that the answer is not to what was asked.
    return msgspec.defstruct(name, fields, kw_only=True, gc=False, forbid_unknown_fields=True, eq=False)
