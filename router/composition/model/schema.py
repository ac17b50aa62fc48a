"""A schema as composition holds it, on both sides of the merge: types, their parts and the directives applied to them.

Federation directives carry their canonical name (`key`, whether the SDL says `@key`, `@federation__key` or an alias). A
directive of the schema's own keeps its name, with the `@`: `@key`, where that is none of federation's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graphql import (
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    print_ast,
)

from router.composition.model.outcome import Place
from router.composition.model.typeref import NonNull, TypeRef

TypeKind: TypeAlias = Literal["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT"]
COMPOSITE_KINDS: frozenset[TypeKind] = frozenset({"OBJECT", "INTERFACE", "UNION"})
ABSTRACT_KINDS: frozenset[TypeKind] = frozenset({"INTERFACE", "UNION"})
ROOT_TYPES = ("Query", "Mutation", "Subscription")
EXECUTABLE_LOCATIONS = frozenset(
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
)
BUILT_IN_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})
_FLOAT_EXACT_UNTIL = 2**53


def own_name(directive: str) -> str:
    """By what applications of a directive of the schema's own are told from federation's."""
    return f"@{directive}"


def value_key(node: ValueNode) -> str:
    """A text by which two values compare: object fields in any order, numbers however written."""
    if isinstance(node, ObjectValueNode):
        parts = sorted(f"{entry.name.value}: {value_key(entry.value)}" for entry in node.fields)
        return "{" + ", ".join(parts) + "}"
    if isinstance(node, ListValueNode):
        return "[" + ", ".join(value_key(value) for value in node.values) + "]"
    if isinstance(node, StringValueNode):
        return repr(node.value)
    if isinstance(node, IntValueNode | FloatValueNode):
        return _number_key(node)
    return print_ast(node)


def _number_key(node: IntValueNode | FloatValueNode) -> str:
    """`1`, `1.0` and `1e0` are one number; whole numbers too large for a float keep all their digits."""
    number = float(node.value) + 0.0  # which turns -0.0 into 0.0
    exact = isinstance(node, IntValueNode) and abs(number) >= _FLOAT_EXACT_UNTIL
    return node.value if exact else repr(number)


def print_value(node: ValueNode) -> str:
    """A value on one line, objects as `{a: 1}`, strings between single quotation marks even where they were blocks."""
    if isinstance(node, ObjectValueNode):
        return "{" + ", ".join(f"{entry.name.value}: {print_value(entry.value)}" for entry in node.fields) + "}"
    if isinstance(node, ListValueNode):
        return "[" + ", ".join(print_value(value) for value in node.values) + "]"
    if isinstance(node, StringValueNode):
        return print_ast(StringValueNode(value=node.value))
    return print_ast(node)


@dataclass(frozen=True, slots=True)
class Applied:
    """A directive as applied. `declaration` counts the definition (0) and the extensions (1…) of the type it stands on."""

    name: str
    arguments: Mapping[str, ValueNode]
    place: Place | None = None
    declaration: int = 0

    @property
    def key(self) -> str:
        """Two applications say the same exactly when their keys are equal."""
        return ", ".join(sorted(f"{name}: {value_key(value)}" for name, value in self.arguments.items()))

    def string(self, argument: str) -> str | None:
        """The argument where it is a string."""
        value = self.arguments.get(argument)
        return value.value if isinstance(value, StringValueNode) else None

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}: {print_value(value)}" for name, value in self.arguments.items())
        name = self.name.removeprefix("@")
        return f"@{name}({arguments})" if arguments else f"@{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every part of a schema has. `coordinate` is its schema coordinate, e.g. `User.name` or `Query.user(id:)`."""

    name: str
    coordinate: str
    description: str | None = None
    directives: tuple[Applied, ...] = ()
    place: Place | None = None

    def applied(self, name: str) -> tuple[Applied, ...]:
        """The applications of one directive."""
        return tuple(directive for directive in self.directives if directive.name == name)

    def has(self, name: str) -> bool:
        return bool(self.directives) and any(directive.name == name for directive in self.directives)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument(Element):
    """An argument of a field or directive."""

    type: TypeRef
    default: ValueNode | None = None

    @property
    def required(self) -> bool:
        return isinstance(self.type, NonNull) and self.default is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Element):
    """A field of an object or interface, or (with `default`, without arguments) of an input object."""

    parent: str
    type: TypeRef
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    default: ValueNode | None = None
    declaration: int = 0

    @property
    def required(self) -> bool:
        return isinstance(self.type, NonNull) and self.default is None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumValue(Element):
    """A value of an enum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Type(Element):
    """A named type. `defined` and `extended` say whether the SDL has a definition of it, and extensions."""

    kind: TypeKind
    interfaces: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    values: Mapping[str, EnumValue] = field(default_factory=dict)
    defined: bool = True
    extended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveDefinition(Element):
    """A directive of a schema's own."""

    arguments: Mapping[str, Argument] = field(default_factory=dict)
    locations: tuple[str, ...] = ()
    repeatable: bool = False

    @property
    def executable_locations(self) -> tuple[str, ...]:
        """Where operations may carry it, by name."""
        return tuple(sorted(EXECUTABLE_LOCATIONS.intersection(self.locations)))


@dataclass(frozen=True, slots=True)
class Schema:
    """Types by name, in source order. Root types bear their standard names: Query, Mutation, Subscription.

    `definitions` are the directives that no specification brings. `local_names` says what the SDL calls the others that it
    applies, by their canonical names.
    """

    types: Mapping[str, Type]
    definitions: Mapping[str, DirectiveDefinition] = field(default_factory=dict)
    description: str | None = None
    directives: tuple[Applied, ...] = ()
    local_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def elements(self) -> Iterator[Element]:
        """Every part that can carry directives: types, fields, arguments, enum values."""
        for type_ in self.types.values():
            yield type_
            for field_ in type_.fields.values():
                yield field_
                yield from field_.arguments.values()
            yield from type_.values.values()

    def possible(self, abstract: str) -> tuple[str, ...]:
        """The object types that a value of this type may have; an object type has itself."""
        found = self.types.get(abstract)
        if found is None:
            return ()
        if found.kind == "UNION":
            return found.members
        if found.kind == "INTERFACE":
            return tuple(
                other.name for other in self.types.values() if other.kind == "OBJECT" and abstract in other.interfaces
            )
        return (abstract,)

    def is_member(self, concrete: str, abstract: str) -> bool:
        """Whether a type implements an interface or belongs to a union."""
        union, candidate = self.types.get(abstract), self.types.get(concrete)
        if union is not None and union.kind == "UNION":
            return concrete in union.members
        return candidate is not None and abstract in candidate.interfaces

    def find(self, coordinate: str) -> Element | None:
        """The element at a schema coordinate, e.g. `User`, `User.name`, `Query.user(id:)` or `@mine(of:)`."""
        head, _, argument = coordinate.partition("(")
        parent, _, member = head.partition(".")
        if head.startswith("@"):
            found: Element | None = self.definitions.get(head[1:])
        else:
            type_ = self.types.get(parent)
            found = type_ if type_ is None or not member else type_.fields.get(member) or type_.values.get(member)
        return getattr(found, "arguments", {}).get(argument.removesuffix(":)")) if argument else found

    def find_field(self, type_name: str, name: str) -> Field | None:
        found = self.types.get(type_name)
        return found.fields.get(name) if found is not None else None
