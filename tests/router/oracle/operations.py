"""Random valid operations on the harbour: aliases, fragments of both kinds, conditions, arguments and variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, cast

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
    validate,
)
from hypothesis import strategies as st

from tests.router.oracle.resolvers import MONOLITH_SCHEMA

DEPTH_MAX: Final = 5
FIELDS_MAX: Final = 4
CONDITIONS: Final = ("a", "b")


@dataclass(frozen=True)
class Sample:
    """An operation with its variables: those the client sends, defaults included."""

    text: str
    variables: dict[str, Any]


@dataclass
class _Writer:
    """Draws one operation. Aliases are numbered, so that two selections never ask different things under one key."""

    draw: st.DrawFn
    fragments: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    aliases: int = 0

    def choose(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def happens(self, one_in: int) -> bool:
        return self.choose(1, one_in) == 1

    def selection_set(self, parent: GraphQLNamedType, depth: int) -> str:
        """Between one and FIELDS_MAX selections on a type."""
        return "{ " + " ".join(self.selection(parent, depth) for _ in range(self.choose(1, FIELDS_MAX))) + " }"

    def selection(self, parent: GraphQLNamedType, depth: int) -> str:
        fields = getattr(parent, "fields", {})
        if depth < DEPTH_MAX and (not fields or self.happens(4 if not is_abstract_type(parent) else 2)):
            return self.fragment(parent, depth)
        names = ["__typename", *(name for name in fields if depth < DEPTH_MAX or not _is_composite(fields[name]))]
        name = self.draw(st.sampled_from(names))
        if name == "__typename":
            return self.prefix("__typename", always=False) + self.condition()
        if isinstance(parent, GraphQLObjectType) and self.happens(8):
            return self.twin(parent) + self.condition()
        return self.field_selection(name, fields[name], depth)

    def twin(self, parent: GraphQLObjectType) -> str:
        """A field under a key that other types use for another field, or under the name of a field that it is not."""
        texts = sorted(name for name, each in parent.fields.items() if not each.args and str(each.type) == "String")
        if texts and self.happens(2):
            return f"twin: {self.twins.setdefault(parent.name, self.draw(st.sampled_from(texts)))}"
        leaves = sorted(name for name, each in parent.fields.items() if not each.args and not _is_composite(each))
        return f"{self.draw(st.sampled_from(_NAMES))}: {self.draw(st.sampled_from(leaves))}" if leaves else "__typename"

    def field_selection(self, name: str, definition: GraphQLField, depth: int) -> str:
        arguments = self.arguments(definition)
        text = self.prefix(name, always=bool(definition.args)) + arguments + self.condition()
        if _is_composite(definition):
            text += " " + self.selection_set(get_named_type(definition.type), depth + 1)
        return text

    def prefix(self, name: str, *, always: bool) -> str:
        """The field, with an alias of its own where arguments could differ, else now and then."""
        if not (always or self.happens(5)):
            return name
        self.aliases += 1
        return f"x{self.aliases}: {name}"

    def arguments(self, definition: GraphQLField) -> str:
        written = []
        for name, argument in definition.args.items():
            typename = get_named_type(argument.type).name
            if typename == "ID":
                written.append(f'{name}: "{self.choose(0, 5)}"')
            elif typename == "Boolean":
                written.append(f"{name}: {self.condition_value()}")
            elif not self.happens(3):
                written.append(f"{name}: {self.number()}")
        return f"({', '.join(written)})" if written else ""

    def number(self) -> str:
        value = self.choose(0, 4)
        if self.happens(2):
            return str(value)
        name = f"n{len(self.numbers)}"
        self.numbers[name] = value
        return f"${name}"

    def condition(self) -> str:
        if not self.happens(6):
            return ""
        directive = self.draw(st.sampled_from(["skip", "include"]))
        return f" @{directive}(if: {self.condition_value()})"

    def condition_value(self) -> str:
        if self.happens(3):
            return self.draw(st.sampled_from(["true", "false"]))
        name = self.draw(st.sampled_from(CONDITIONS))
        self.used.add(name)
        return f"${name}"

    def fragment(self, parent: GraphQLNamedType, depth: int) -> str:
        """A fragment on a type that can overlap, inline or named."""
        on = self.draw(st.sampled_from(_OVERLAPPING[parent.name]))
        body = self.selection_set(MONOLITH_SCHEMA.type_map[on], depth + 1)
        if self.happens(3):
            self.fragments.append("")
            name = f"F{len(self.fragments)}"
            self.fragments[-1] = f"fragment {name} on {on} {body}"
            return f"... {name}{self.condition()}"
        target = "" if on == parent.name and self.happens(2) else f" on {on}"
        return f"...{target}{self.condition()} {body}"


def _is_composite(definition: GraphQLField) -> bool:
    return is_composite_type(get_named_type(definition.type))


def _possible(declared: GraphQLNamedType) -> set[str]:
    if is_abstract_type(declared):
        return {each.name for each in MONOLITH_SCHEMA.get_possible_types(declared)}
    return {declared.name} if isinstance(declared, GraphQLObjectType) else set()


_COMPOSITES: Final = [
    each for name, each in MONOLITH_SCHEMA.type_map.items() if is_composite_type(each) and not name.startswith("__")
]
_NAMES: Final = ("id", "email", "serial", "weight", "tonnage", "berth", "name")
_OVERLAPPING: Final = {
    each.name: sorted(other.name for other in _COMPOSITES if _possible(each) & _possible(other)) for each in _COMPOSITES
}


@st.composite
def operations(draw: st.DrawFn) -> Sample:
    """Operations that are valid on the single schema."""
    writer = _Writer(draw)
    body = writer.selection_set(cast("GraphQLNamedType", MONOLITH_SCHEMA.query_type), 0)
    declared = [f"${name}: Boolean!" for name in sorted(writer.used)] + [f"${name}: Int" for name in writer.numbers]
    header = f"query Random({', '.join(declared)}) " if declared else ""
    text = "\n".join([header + body, *writer.fragments])
    variables: dict[str, Any] = {name: draw(st.booleans()) for name in sorted(writer.used)}
    return Sample(text, variables | writer.numbers)


def is_valid(sample: Sample) -> bool:
    """Whether the single schema accepts it: exclusive types may have been given one key for different shapes."""
    return not validate(MONOLITH_SCHEMA, parse(sample.text))
