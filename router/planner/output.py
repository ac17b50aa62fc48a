"""The shape of the client's answer: which key of the merged tree each field is read from, for every possible type."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLOutputType, GraphQLScalarType, GraphQLSchema, get_named_type, is_specified_scalar_type

from router.operation.normalize.spread import field_type
from router.plan import OutputField, OutputSelection
from router.planner.sites import Site
from router.planner.wanted import INTROSPECTION, Place, Wanted


def output_of(wanted: Wanted, site: Site, schema: GraphQLSchema) -> OutputSelection:
    """What the client sees of the objects at a site."""
    return _Shaper(schema).selection(wanted, site)


@dataclass(frozen=True, slots=True)
class _Shaper:
    schema: GraphQLSchema
    _known: dict[tuple[Wanted, int], OutputSelection] = field(default_factory=dict)

    def selection(self, wanted: Wanted, site: Site) -> OutputSelection:
        # A place that holds for several types is one site: shaped once, it is shared by all of them.
        key = (wanted, id(site))
        if key not in self._known:
            by_type = {
                type_: tuple(self._field(place, type_, site) for place in places)
                for type_, places in wanted.by_type.items()
            }
            # An object that has no name may be of a type that is kept from clients.
            is_nameless = wanted.is_alike and site.types <= by_type.keys()
            nameless = next(iter(by_type.values())) if is_nameless else None
            self._known[key] = OutputSelection(wanted.type, by_type, nameless)
        return self._known[key]

    def _field(self, place: Place, type_: str, site: Site) -> OutputField:
        need = place.need
        key = need.key or need.name
        source = site.client_keys[type_, key]
        declared = field_type(type_, need.name, self.schema)
        return OutputField(
            key=key,
            name=need.name,
            source=source,
            type=declared,
            selection=self._below(place, site.below.get((type_, source))),
            opaque=need.name in INTROSPECTION or _is_custom_scalar(declared),
        )

    def _below(self, place: Place, site: Site | None) -> OutputSelection | None:
        if place.wanted is None:
            return None
        if site is None or place.hidden:
            # A denied field is always null; nothing below it is ever looked at.
            return OutputSelection(place.wanted.type, dict.fromkeys(place.wanted.by_type, ()))
        return self.selection(place.wanted, site)


def _is_custom_scalar(type_: GraphQLOutputType) -> bool:
    target = get_named_type(type_)
    return isinstance(target, GraphQLScalarType) and not is_specified_scalar_type(target)
