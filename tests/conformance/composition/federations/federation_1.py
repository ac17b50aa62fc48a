"""Small sets of federation 1 schemas, some beside one of federation 2, where all that the upgrade looks at meets at random.

The entities T and U and the value type V have the same few fields everywhere, so that subgraphs extend, share, require and provide
each other's. Field sets name fields that are there: what others say of those that are not is drawn elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from router.composition import SubgraphInput
from tests.conformance.composition.federations.shrink import Subgraphs

_FIELDS = {"id": "ID!", "code": "Int", "x": "Int", "y": "String", "z": "Int"}
_KEYS = (("id",), ("id",), ("id", "code"), ("id code",), ())
_FEDERATION_2 = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",'
    ' import: ["@key", "@requires", "@provides", "@external", "@shareable", "@tag", "@extends"])'
)


def draw_federation_1(random: Random) -> Subgraphs:
    """One set; at least the first of its subgraphs is of federation 1."""
    count = random.choice((1, 2, 2, 3))
    return tuple(
        _subgraph(name, random, is_federation_1=name == "a" or random.random() < 0.75) for name in "abc"[:count]
    )


def _subgraph(name: str, random: Random, *, is_federation_1: bool) -> SubgraphInput:
    definitions = list(_Draft(random, is_federation_1=is_federation_1, first=name == "a").definitions())
    random.shuffle(definitions)
    header = "# federation 1" if is_federation_1 else _FEDERATION_2
    sdl = "\n".join([header, *definitions]) + "\n"
    return SubgraphInput(name, sdl, f"http://{name}.test/graphql", f"{name}.graphql")


class _Draft:
    """One subgraph: which types it has, and which fields of each, is drawn first; what is said of them then fits."""

    def __init__(self, random: Random, *, is_federation_1: bool, first: bool) -> None:
        self.random, self.is_federation_1, self.first = random, is_federation_1, first
        self.types = {name: self.some_fields() for name in "TUV" if self.chance(0.85)}
        self.has_interface = self.chance(0.3)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some_fields(self) -> dict[str, bool]:
        """Names of fields, and whether each is external."""
        names = [name for name in _FIELDS if name in ("id", "code") or self.chance(0.6)]
        return {name: name not in ("id", "code") and self.chance(0.2) for name in names}

    def definitions(self) -> Iterator[str]:
        yield self.query()
        yield from (self.entity(name) if name != "V" else self.value_type(name) for name in self.types)
        if self.has_interface:
            key = ' @key(fields: "id")' if self.is_federation_1 and self.chance(0.3) else ""
            yield f"interface N{key} {{ id: ID!{self.inert_external()} code: Int }}"
        if self.chance(0.1):
            yield f"{self.keyword()} Mutation {{ m: Int }}"
        if self.chance(0.05):
            yield f"{self.keyword()} Subscription {{ s: Int }}"

    def query(self) -> str:
        """One field to each type, called the same in all subgraphs."""
        fields = [
            f"{name.lower()}: {name}{self.provides(name)}{self.shareable()}" for name in self.types if self.chance(0.6)
        ]
        return f"{self.keyword()} Query {{ {' '.join(fields or [f'a: Int{self.shareable()}'])} }}"

    def provides(self, type_name: str) -> str:
        return f' @provides(fields: "{self.field_set(type_name)}")' if self.chance(0.2) else ""

    def field_set(self, type_name: str, without: str = "") -> str:
        names = [name for name in self.types[type_name] if name != without]
        return " ".join(self.random.sample(names, min(len(names), self.random.choice((1, 1, 2)))))

    def entity(self, name: str) -> str:
        keys = self.random.choice(_KEYS)
        style = "type" if self.first else self.random.choice(("type", "extend", "@extends"))
        key_fields = {field for key in keys for field in key.split()}
        fields = [self.entity_field(name, field, is_key=field in key_fields, style=style) for field in self.types[name]]
        head = [
            "extend type" if style == "extend" else "type",
            name,
            *(["implements N"] if self.has_interface and self.chance(0.5) else []),
            *(self.key(key, style) for key in keys),
            *(["@extends"] if style == "@extends" else []),
            *(["@external"] if self.is_federation_1 and self.chance(0.05) else []),
        ]
        return f"{' '.join(head)} {{ {' '.join(fields)} }}"

    def key(self, fields: str, style: str) -> str:
        if style == "type" and self.is_federation_1 and self.chance(0.1):
            return f"@key(fields: {json.dumps(fields.split())})"
        return f'@key(fields: "{fields}")'

    def entity_field(self, parent: str, name: str, *, is_key: bool, style: str) -> str:
        external = self.types[parent][name] or (is_key and style != "type" and self.chance(0.7))
        parts = [f"{name}: {_FIELDS[name]}"]
        if external:
            parts.append("@external")
        elif name in "xyz" and self.chance(0.3):
            parts.append(f'@requires(fields: "{self.field_set(parent, without=name)}")')
        if self.chance(0.08):
            parts.append(f'@tag(name: "{self.random.choice(("one", "two"))}")')
        return " ".join(parts) + ("" if external else self.shareable(0.4))

    def value_type(self, name: str) -> str:
        fields = [f"{field}: {_FIELDS[field]}{' @external' * external}" for field, external in self.types[name].items()]
        return f"type {name}{self.shareable()} {{ {' '.join(fields)} }}"

    def keyword(self) -> str:
        return self.random.choice(("type", "extend type"))

    def shareable(self, probability: float = 0.8) -> str:
        return " @shareable" if not self.is_federation_1 and self.chance(probability) else ""

    def inert_external(self) -> str:
        return " @external" if self.is_federation_1 and self.chance(0.2) else ""
