"""Which values a field may have: what all subgraphs that mention it can return, and clients can see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from tests.router.federations.federation import Federation, FieldName
from tests.router.federations.served import Served


@dataclass(frozen=True)
class Shape:
    """A value: null or not at each level of lists, outermost first; and at the end a scalar, enum values or object types."""

    nullable: tuple[bool, ...]
    scalar: str | None = None
    enum: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    @property
    def is_barren(self) -> bool:
        """Whether no value fits all subgraphs."""
        return self.scalar is None and not self.enum and not self.objects

    @property
    def must_be_something(self) -> bool:
        """Whether the value cannot be null, nor a list without elements."""
        return self.nullable == (False,)

    def item(self) -> Shape:
        """The shape of a list's elements."""
        return Shape(self.nullable[1:], self.scalar, self.enum, self.objects)


@dataclass(frozen=True, eq=False)
class Shapes:
    """The shapes of all fields of a federation."""

    federation: Federation

    def of(self, type_: str, name: str) -> Shape:
        """What a field of an object type may be."""
        declared = list(self._declared(type_, name))
        levels = [_levels(each) for _, each in declared]
        nullable = tuple(all(at) for at in zip(*levels, strict=True))
        kind = get_named_type(declared[0][1])
        if isinstance(kind, GraphQLScalarType):
            return Shape(nullable, scalar=kind.name)
        if isinstance(kind, GraphQLEnumType):
            values = (set(get_named_type(each).values) for _, each in declared)  # type: ignore[attr-defined]
            return Shape(nullable, enum=tuple(sorted(set.intersection(*values))))
        objects = (self._objects(home, get_named_type(each)) for home, each in declared)
        return Shape(nullable, objects=tuple(sorted(frozenset.intersection(*objects))))

    @cached_property
    def agree_on_null(self) -> bool:
        """Whether all subgraphs say of all fields alike what may be null, so that errors reach equally far everywhere."""
        return all(
            len({_levels(each) for _, each in self._declared(type_, name)}) == 1 for type_, name in self._fields()
        )

    @cached_property
    def can_be_answered(self) -> bool:
        """Whether every field has values; a field of an interface of which clients see no type may be null, or has none."""
        return not any(
            (shape.must_be_something or field in self.federation.keyed) and shape.is_barren
            for field in self._fields()
            for shape in [self.of(*field)]
        )

    def _fields(self) -> Iterator[FieldName]:
        for type_, declared in self.federation.supergraph.full.type_map.items():
            if isinstance(declared, GraphQLObjectType) and not type_.startswith("__"):
                yield from ((type_, name) for name in declared.fields)

    def _declared(self, type_: str, name: str) -> Iterator[tuple[Served | None, GraphQLOutputType]]:
        """The field's types: in each subgraph that has it, for the type or an interface it knows as object, and to clients."""
        federation = self.federation
        for subgraph in federation.served.values():
            own = next((own for own, common in subgraph.roots.items() if common == type_), type_)
            stand_ins = (each for each in subgraph.interface_objects if type_ in federation.possible(each))
            for known_as in (own, *stand_ins):
                declared = subgraph.schema.type_map.get(known_as)
                if isinstance(declared, GraphQLObjectType) and name in declared.fields:
                    yield subgraph, declared.fields[name].type
        for schema in (federation.supergraph.full, federation.supergraph.api):
            shown = schema.type_map.get(type_)
            if isinstance(shown, GraphQLObjectType) and name in shown.fields:
                yield None, shown.fields[name].type

    def _objects(self, home: Served | None, named: Any) -> frozenset[str]:
        """The object types that a subgraph may return for a type, or that clients may see for it."""
        federation = self.federation
        if home is None:
            visible = federation.supergraph.api.type_map
            possible = federation.possible(named.name)
            return possible & visible.keys() if named.name in visible else possible
        known = home.roots.get(named.name, named.name)
        if known in home.interface_objects or isinstance(named, GraphQLObjectType):
            return federation.possible(known)
        assert isinstance(named, GraphQLInterfaceType | GraphQLUnionType)
        return frozenset(_members(home.schema, named))


def _members(schema: GraphQLSchema, named: GraphQLInterfaceType | GraphQLUnionType) -> Iterable[str]:
    return (each.name for each in schema.get_possible_types(named))


def _levels(type_: Any) -> tuple[bool, ...]:
    nullable = not isinstance(type_, GraphQLNonNull)
    inner = type_ if nullable else type_.of_type
    return (nullable, *(_levels(inner.of_type) if isinstance(inner, GraphQLList) else ()))
