"""The bare federation: subgraphs, the types each has, and who resolves which field. It composes, most of the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from router.composition.spec.link import Version
from tests.conformance.composition.federations.model import Element, Link, Subgraph, Type

NAMES = (("a", "b", "c", "d", "e"), ("accounts", "books", "x-1", "Zed", "x_1"))
SCALARS = ("Int", "String", "ID", "Boolean", "Float", "String!", "Int!", "[String!]", "[Int]", "ID!")
ENUM_VALUES = ("RED", "GREEN", "BLUE")
# Each way lists the fields of an entity's keys, and how much of them the type must have.
KEYS: tuple[tuple[str, ...], ...] = (
    ("id",),
    ("id",),
    ("id",),
    ("id", "code"),
    ("id code",),
    ("org { id }",),
    ("id", "org { id }"),
    ("id  code", "id"),
    ("id org { id name }",),
)
KEY_FIELDS = {"id": "ID!", "code": "String!", "org": "Org!"}


@dataclass
class Entity:
    """A type with keys, the subgraphs that have it, and who resolves which of its other fields."""

    name: str
    keys: tuple[str, ...]
    subgraphs: list[Subgraph]
    owners: dict[str, Subgraph] = field(default_factory=dict)


@dataclass
class Draft:
    """What the themes decorate and the mutations break. `rng` decides everything."""

    rng: Random
    themes: frozenset[str]
    subgraphs: list[Subgraph] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def letter(self, subgraph: Subgraph) -> str:
        """What sets the names of a subgraph's own fields apart."""
        return "abcde"[self.subgraphs.index(subgraph)]

    def some(self, subgraphs: list[Subgraph], at_least: int = 1) -> list[Subgraph]:
        """A random part of the subgraphs, in their order."""
        count = self.rng.randint(min(at_least, len(subgraphs)), len(subgraphs))
        chosen = self.rng.sample(range(len(subgraphs)), count)
        return [subgraphs[index] for index in sorted(chosen)]


def lay_out(draft: Draft) -> None:
    """Subgraphs, then types from the leaves up, then the root fields that lead to them."""
    draft.subgraphs = _subgraphs(draft)
    for number in range(draft.rng.randint(0, 2)):
        _enum(draft, f"Color{number}")
    if draft.chance(0.3):
        _scalar(draft)
    for number in range(draft.rng.randint(0, 2)):
        _input(draft, f"Filter{number}")
    for number in range(draft.rng.randint(0, 2)):
        _value_type(draft, f"Value{number}")
    for number in range(draft.rng.randint(1, 3)):
        _entity(draft, f"Entity{number}")
    for number in range(draft.rng.randint(0, 1)):
        _interface(draft, f"Face{number}")
    if draft.chance(0.35):
        _union(draft)
    _roots(draft)


def _subgraphs(draft: Draft) -> list[Subgraph]:
    rng = draft.rng
    names = rng.choice((NAMES[0], NAMES[0], NAMES[0], NAMES[1]))
    count = rng.choice((2, 2, 2, 3, 3, 4, 5))
    common = rng.choice((0, 3, 5, 8, 9, 11, 12, 12, 12, 14))
    return [Subgraph(name, _link(draft, common)) for name in names[:count]]


def _link(draft: Draft, common: int) -> Link:
    rng = draft.rng
    if "federation 1" in draft.themes and draft.chance(0.5):
        return Link(None)
    minor = rng.randint(0, 14) if "mixed versions" in draft.themes else common
    style = rng.choice(("import", "import", "prefix", "alias")) if "link styles" in draft.themes else "import"
    renamed = {"key": "primary"} if "link styles" in draft.themes and draft.chance(0.2) else {}
    return Link(Version(2, minor), style, renamed)


def _enum(draft: Draft, name: str) -> None:
    for subgraph in draft.some(draft.subgraphs):
        type_ = subgraph.type("enum", name)
        values = ENUM_VALUES if draft.chance(0.95) else draft.rng.sample(ENUM_VALUES, 2)
        for value in values:
            type_.add(value)


def _scalar(draft: Draft) -> None:
    for subgraph in draft.some(draft.subgraphs):
        subgraph.type("scalar", "Moment")


def _input(draft: Draft, name: str) -> None:
    fields = {f"by{number}": draft.rng.choice(("Int", "String", "Boolean", "[ID!]", "ID!")) for number in range(2)}
    for subgraph in draft.some(draft.subgraphs):
        type_ = subgraph.type("input", name)
        for field_name, field_type in fields.items():
            type_.add(field_name, _varied(draft, field_type))
        enums = subgraph.of_kind("enum")
        if enums and draft.chance(0.5):
            type_.add("color", enums[0].name)
        if draft.chance(0.1):
            type_.add("only", "String")


def _varied(draft: Draft, type_: str) -> str:
    """The type, now and then of other nullability."""
    if draft.chance(0.92):
        return type_
    return type_.removesuffix("!") if type_.endswith("!") else f"{type_}!"


def _value_type(draft: Draft, name: str) -> None:
    homes = draft.some(draft.subgraphs)
    named = {type_.name for type_ in homes[0].of_kind("enum", "scalar")}
    leaves = [*SCALARS, *sorted(leaf for leaf in named if all(knows(home, leaf) for home in homes))]
    fields = {f"f{number}": draft.rng.choice(leaves) for number in range(draft.rng.randint(1, 3))}
    whole = draft.chance(0.9)
    for subgraph in homes:
        type_ = subgraph.type("type", name)
        on_type = draft.chance(0.6)
        type_.directives += ["@shareable"] if on_type else []
        for field_name, field_type in fields.items():
            if whole or field_name == "f0" or draft.chance(0.7):
                type_.add(field_name, _varied(draft, field_type), *([] if on_type else ["@shareable"]))


def _entity(draft: Draft, name: str) -> None:
    entity = Entity(name, draft.rng.choice(KEYS), draft.some(draft.subgraphs, at_least=2))
    draft.entities.append(entity)
    for position, subgraph in enumerate(entity.subgraphs):
        type_ = subgraph.type("type", name)
        extends = subgraph.is_federation_1 and position > 0
        type_.extends = extends and draft.chance(0.7)
        type_.directives += ["@extends"] if extends and not type_.extends else []
        keys = entity.keys if draft.chance(0.93) else (draft.rng.choice(entity.keys),)
        for key in keys:
            resolvable = ", resolvable: false" if draft.chance(0.04) and not subgraph.is_federation_1 else ""
            type_.directives.append(f'@key(fields: "{key}"{resolvable})')
            _key_fields(subgraph, type_, key, external=extends)
    for number in range(draft.rng.randint(1, 3)):
        _entity_field(draft, entity, f"p{number}")


def _key_fields(subgraph: Subgraph, type_: Type, key: str, *, external: bool) -> None:
    for name, field_type in KEY_FIELDS.items():
        if name in key.replace("{ id", "").split():
            type_.add(name, field_type, *(["@external"] if external else []))
    if "org" in key:
        org = subgraph.type("type", "Org")
        org.directives = ["@shareable"]
        org.add("id", "ID!")
        org.add("name", "String")


def _entity_field(draft: Draft, entity: Entity, name: str) -> None:
    owner = draft.rng.choice(entity.subgraphs)
    resolved = owner.types[entity.name].add(name, _output_type(draft, owner))
    entity.owners[name] = owner
    _arguments(draft, owner, resolved)
    if draft.chance(0.2):
        resolved.directives.append("@shareable")
        for other in entity.subgraphs:
            if other is not owner and knows(other, resolved.type) and draft.chance(0.6):
                copy = other.types[entity.name].add(name, _varied(draft, resolved.type), "@shareable")
                _arguments_like(draft, other, resolved, copy)


def knows(subgraph: Subgraph, type_: str) -> bool:
    name = type_.strip("[]!")
    return name in ("Int", "String", "ID", "Boolean", "Float") or name in subgraph.types


def _output_type(draft: Draft, subgraph: Subgraph) -> str:
    own = [type_.name for type_ in subgraph.of_kind("type", "enum", "scalar", "interface", "union")]
    if not own or draft.chance(0.5):
        return draft.rng.choice(SCALARS)
    return draft.rng.choice(("{}", "{}", "[{}]", "[{}!]!", "{}!")).format(draft.rng.choice(own))


def _arguments(draft: Draft, subgraph: Subgraph, target: Element) -> None:
    if not draft.chance(0.3):
        return
    inputs = [type_.name for type_ in subgraph.of_kind("input", "enum")]
    for name in ("first", "by")[: draft.rng.randint(1, 2)]:
        type_ = "Int" if name == "first" or not inputs else draft.rng.choice(inputs)
        default = draft.rng.choice((None, None, "1")) if type_ == "Int" else None
        target.arguments[name] = Element(name, type_, default)


def _arguments_like(draft: Draft, subgraph: Subgraph, original: Element, copy: Element) -> None:
    for argument in original.arguments.values():
        if knows(subgraph, argument.type) and draft.chance(0.9):
            default = argument.default if draft.chance(0.9) else None
            copy.arguments[argument.name] = Element(argument.name, _varied(draft, argument.type), default)


def _interface(draft: Draft, name: str) -> None:
    """Entities resolve the interface's field where they implement it, other types wherever they are."""
    entities = {entity.name for entity in draft.entities}
    for subgraph in draft.some(draft.subgraphs):
        implementations = [type_ for type_ in subgraph.of_kind("type") if draft.chance(0.6)]
        if not implementations:
            continue
        subgraph.type("interface", name).add("label", "String")
        for type_ in implementations:
            type_.interfaces.append(name)
            homes = [subgraph] if type_.name in entities else draft.subgraphs
            for home in homes:
                if type_.name in home.types:
                    home.types[type_.name].add("label", draft.rng.choice(("String", "String", "String!")), "@shareable")


def _union(draft: Draft) -> None:
    for subgraph in draft.some(draft.subgraphs):
        members = [type_.name for type_ in subgraph.of_kind("type") if draft.chance(0.7)]
        if members:
            subgraph.type("union", "Any").parts = members


def _roots(draft: Draft) -> None:
    for subgraph in draft.subgraphs:
        query = subgraph.root()
        for type_ in subgraph.of_kind("type", "interface", "union"):
            if draft.chance(0.6):
                wrapped = draft.rng.choice(("{}", "[{}!]", "{}!")).format(type_.name)
                _arguments(draft, subgraph, query.add(f"{draft.letter(subgraph)}{type_.name}", wrapped))
        if not query.members and draft.chance(0.8):
            query.add(f"{draft.letter(subgraph)}Ping", "String")
    _shared_root(draft)


def _shared_root(draft: Draft) -> None:
    values = sorted(
        {type_.name for subgraph in draft.subgraphs for type_ in subgraph.of_kind("type", "union", "interface")}
    )
    if not values or not draft.chance(0.3):
        return
    name = draft.rng.choice(values)
    for subgraph in draft.subgraphs:
        if name in subgraph.types:
            subgraph.root().add("shared", name, "@shareable")
