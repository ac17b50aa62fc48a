"""A subgraph that has been read: its schema under canonical names and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from router.composition.model.facts import Facts
from router.composition.model.links import Links
from router.composition.model.outcome import Place
from router.composition.model.schema import Schema, Type
from router.composition.spec.link import Version


@dataclass(frozen=True, slots=True)
class Subgraph:
    """`graph` is its value of the enum join__Graph; `names` maps canonical directive names to those of the SDL.

    `federation_1` says that the SDL links no federation; such a schema is upgraded before it is merged.
    """

    name: str
    url: str
    graph: str
    version: Version
    schema: Schema
    facts: Facts
    names: Mapping[str, str]
    links: Links
    federation_1: bool = False

    def type(self, name: str) -> Type | None:
        return self.schema.types.get(name)

    def place(self, coordinate: str) -> Place | None:
        """Where an element stands in the SDL; None where the subgraph does not have it."""
        element = self.schema.find(coordinate)
        return element.place if element is not None else None

    def interface_object(self, name: str) -> Type | None:
        """The type where it is an object here that stands for an interface of the supergraph."""
        found = self.schema.types.get(name)
        return found if found is not None and found.has("interfaceObject") else None
