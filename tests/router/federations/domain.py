"""What a random federation is about: its types as a whole, of which each subgraph is then made to know a part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from tests.conformance.composition.federations.model import Element, Subgraph, Type

BUILT_IN = ("Int", "String", "ID", "Boolean", "Float")
WRAPS = ("{}", "{}", "{}", "{}!", "[{}]", "[{}!]", "[{}!]!", "[{}]!", "[[{}]]", "[[{}!]!]", "[[{}!]!]!")
# The fields of a key, and what there must be for it. Several ways to name one object, from plain to deep.
KEYS: tuple[tuple[str, dict[str, str]], ...] = (
    ("id", {"id": "ID!"}),
    ("id", {"id": "ID!"}),
    ("id", {"id": "ID!"}),
    ("code", {"code": "Int!"}),
    ("pier slot", {"pier": "String!", "slot": "Int!"}),
    ("dims { w h }", {"dims": "Dims!"}),
    ("seals { no }", {"seals": "[Seal!]!"}),
    ("marks", {"marks": "[String!]!"}),
    ("home { id }", {"home": "Home!"}),
    ("id dims { w }", {"id": "ID!", "dims": "Dims!"}),
    ("tone code", {"tone": "Tone!", "code": "Int!"}),
)


@dataclass
class Abstract:
    """An interface with its fields, or a union without any, and the types that are of it."""

    kind: str
    members: list[str]
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Domain:
    """Everything that is drawn so far. `rng` decides everything."""

    rng: Random
    subgraphs: list[Subgraph] = field(default_factory=list)
    entities: dict[str, list[tuple[str, dict[str, str]]]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    enums: dict[str, list[str]] = field(default_factory=dict)
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)
    abstract: dict[str, Abstract] = field(default_factory=dict)
    owners: dict[tuple[str, str], Subgraph] = field(default_factory=dict)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, subgraphs: Iterable[Subgraph], at_least: int = 1) -> list[Subgraph]:
        """A random part of the subgraphs, in their order."""
        all_ = list(subgraphs)
        count = self.rng.randint(min(at_least, len(all_)), len(all_))
        return [all_[index] for index in sorted(self.rng.sample(range(len(all_)), count))]

    def homes(self, type_: str) -> list[Subgraph]:
        """The subgraphs that know a type."""
        return [subgraph for subgraph in self.subgraphs if type_ in subgraph.types]

    def wrapped(self, name: str) -> str:
        return self.rng.choice(WRAPS).format(name)

    def leaf(self) -> str:
        """The type of a field without fields below it."""
        return self.rng.choice((*BUILT_IN, *BUILT_IN, *self.enums, "Blob"))

    def composite(self) -> str:
        """The type of a field with fields below it."""
        return self.rng.choice([*self.entities, *self.entities, *self.values, *self.abstract])

    # ── what subgraphs know ─────────────────────────────────────────────────────────────────────────────────────────

    def know(self, subgraph: Subgraph, type_: str) -> None:
        """Let a subgraph know the named type of a field, and all that hangs on it."""
        name = type_.strip("[]!")
        if name in BUILT_IN or name in subgraph.types:
            return
        if name in self.entities:
            self._know_entity(subgraph, name)
        elif name in self.values:
            self._know_value(subgraph, name)
        elif name in self.abstract:
            self._know_abstract(subgraph, name)
        elif name in self.enums:
            for value in self.enums[name]:
                subgraph.type("enum", name).add(value)
        elif name in self.inputs:
            for key, input_type in self.inputs[name].items():
                subgraph.type("input", name).add(key, input_type)
                self.know(subgraph, input_type)
        else:
            subgraph.type("scalar", name)

    def _know_entity(self, subgraph: Subgraph, name: str) -> None:
        type_ = subgraph.type("type", name)
        first, *others = self.entities[name]
        keys = [first] if self.chance(0.85) or not others else []
        keys += [key for key in others if self.chance(0.6)]
        for key, fields in keys or [self.rng.choice(others)]:
            resolvable = ", resolvable: false" if self.chance(0.06) else ""
            type_.directives.append(f'@key(fields: "{key}"{resolvable})')
            self.add_fields(subgraph, type_, fields)

    def _know_value(self, subgraph: Subgraph, name: str) -> None:
        type_ = subgraph.type("type", name)
        type_.directives.append("@shareable")
        self.add_fields(subgraph, type_, self.values[name])

    def _know_abstract(self, subgraph: Subgraph, name: str) -> None:
        known = self.abstract[name]
        type_ = subgraph.type(known.kind, name)
        self.add_fields(subgraph, type_, known.fields)
        members = [each for each in known.members if self.chance(0.8)] or [self.rng.choice(known.members)]
        for member in members:
            self.know(subgraph, member)
            if known.kind == "union":
                type_.parts.append(member)
            else:
                self.implement(subgraph, member, name)

    def implement(self, subgraph: Subgraph, member: str, interface: str) -> None:
        """Let a type implement an interface. All subgraphs that do can resolve the interface's fields."""
        type_ = subgraph.types[member]
        if interface not in type_.interfaces:
            type_.interfaces.append(interface)
        for name, field_type in self.abstract[interface].fields.items():
            self.know(subgraph, field_type)
            narrowed = field_type if field_type.endswith("!") or self.chance(0.8) else f"{field_type}!"
            type_.add(name, narrowed, *(() if "@shareable" in type_.directives else ("@shareable",)))

    def add_fields(self, subgraph: Subgraph, type_: Type, fields: dict[str, str]) -> None:
        for name, field_type in fields.items():
            type_.add(name, field_type)
            self.know(subgraph, field_type)

    # ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def resolve(self, subgraph: Subgraph, parent: str, name: str, type_: str, *directives: str) -> Element:
        """Let a subgraph resolve a field of a type it knows."""
        self.know(subgraph, type_)
        return subgraph.types[parent].add(name, type_, *directives)

    def copy(self, subgraph: Subgraph, parent: str, original: Element, type_: str, *directives: str) -> Element:
        """The same field in another subgraph, with the same arguments."""
        self.know(subgraph, type_)
        made = subgraph.types[parent].add(original.name, type_, *directives)
        for argument in original.arguments.values():
            self.know(subgraph, argument.type)
            made.arguments.setdefault(argument.name, Element(argument.name, argument.type, argument.default))
        return made

    def varied(self, type_: str) -> str:
        """The type, now and then of other nullability outermost."""
        if self.chance(0.8):
            return type_
        return type_.removesuffix("!") if type_.endswith("!") else f"{type_}!"

    def arguments(self, subgraph: Subgraph, element: Element) -> None:
        """Give a field arguments, now and then."""
        for name in ("by", "to") if self.chance(0.25) else ():
            type_ = self.rng.choice(("Int", "String", "[ID!]", "Boolean!", *self.inputs, *self.enums))
            self.know(subgraph, type_)
            default = "7" if type_ == "Int" and self.chance(0.4) else None
            element.arguments[name] = Element(name, type_, default)
