"""Random valid operations over a schema: fields, aliases that collide, arguments, variables, fragments and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    validate,
)

# Names that plans inject, that other fields bear, and that hidden aliases use.
ALIASES = ("id", "handle", "name", "imo", "tag", "serial", "_q0", "_q1", "a", "b", "representations")
INPUT_DEPTH_MAX = 2


@dataclass
class Generator:
    """Draws operations. `rng` decides everything, so hypothesis can shrink them."""

    schema: GraphQLSchema
    rng: Random
    depth_max: int = 5
    width_max: int = 4
    fields_max: int = 200  # past it selections stay small, so that no operation explodes
    variables: dict[str, Any] = field(default_factory=dict)
    _fields: int = 0
    _declared: list[str] = field(default_factory=list)
    _fragments: list[str] = field(default_factory=list)

    def operation(self, kind: str = "query") -> str:
        """The text of a valid operation named `Op`; `variables` are its values."""
        for clashing in (True, False):
            self._declared, self._fragments, self.variables, self._fields = [], [], {}, 0
            text = self._text(kind, clashing)
            if not validate(self.schema, parse(text)):
                return text
        return "query Op { __typename }"  # two unlucky draws in a row

    def _text(self, kind: str, clashing: bool) -> str:
        root = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}[kind]
        # A subscription has one root field, and conditions on it are not allowed either.
        body = (
            f"{{ {self._field(root, 0, clashing)} }}" if kind == "subscription" else self._selections(root, 0, clashing)
        )
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        return "\n".join([f"{kind} Op{declared} {body}", *self._fragments])

    def _selections(self, type_: str, depth: int, clashing: bool) -> str:
        width = self.rng.randint(1, self.width_max) if self._fields < self.fields_max else 1
        parts = [self._selection(type_, depth, clashing) for _ in range(width)]
        shown = [part for part in parts if part]
        return "{ " + " ".join(shown or ["__typename"]) + " }"

    def _selection(self, type_: str, depth: int, clashing: bool) -> str:
        dice = self.rng.random()
        abstract = is_abstract_type(self.schema.type_map[type_])
        if dice < (0.5 if abstract else 0.12) and depth < self.depth_max:
            return self._fragment(type_, depth, clashing)
        if dice > 0.93:
            return self._alias("__typename", clashing) + "__typename"
        return self._field(type_, depth, clashing)

    def _fragment(self, type_: str, depth: int, clashing: bool) -> str:
        overlapping = self._overlapping(type_)
        if not overlapping:  # all that could be here is inaccessible
            return "__typename"
        on = self.rng.choice(overlapping)
        body = self._selections(on, depth + 1, clashing)
        if self.rng.random() < 0.3:
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {on} {body}")
            return f"...{name}{self._condition()}"
        return f"... on {on}{self._condition()} {body}"

    def _overlapping(self, type_: str) -> list[str]:
        mine = self._possible(type_)
        return [
            name
            for name, other in sorted(self.schema.type_map.items())
            if (isinstance(other, GraphQLObjectType) or is_abstract_type(other))
            and not name.startswith("__")
            and mine & self._possible(name)
        ]

    def _possible(self, name: str) -> set[str]:
        type_ = self.schema.type_map[name]
        return {t.name for t in self.schema.get_possible_types(type_)} if is_abstract_type(type_) else {name}

    def _field(self, parent: str, depth: int, clashing: bool) -> str:
        type_ = self.schema.type_map[parent]
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            return ""
        self._fields += 1
        deep = depth < self.depth_max and self._fields < self.fields_max
        names = [n for n, f in sorted(type_.fields.items()) if deep or is_leaf_type(get_named_type(f.type))]
        if not names:
            return ""
        name = self.rng.choice(names)
        chosen = type_.fields[name]
        arguments = [
            f"{argument}: {self._argument(definition.type)}"
            for argument, definition in chosen.args.items()
            if is_required_argument(definition) or self.rng.random() < 0.3
        ]
        given = f"({', '.join(arguments)})" if arguments else ""
        target = get_named_type(chosen.type)
        below = "" if is_leaf_type(target) else " " + self._selections(target.name, depth + 1, clashing)
        return f"{self._alias(name, clashing)}{name}{given}{self._condition(root=parent == 'Subscription')}{below}"

    def _alias(self, name: str, clashing: bool) -> str:
        if not clashing:
            return f"u{self.rng.randint(0, 10**9)}_{name}: "
        return f"{self.rng.choice(ALIASES)}: " if self.rng.random() < 0.15 else ""

    def _condition(self, *, root: bool = False) -> str:
        if self.rng.random() > 0.08 or root:
            return ""
        directive = self.rng.choice(("skip", "include"))
        if self.rng.random() < 0.5:
            return f" @{directive}(if: {self.rng.choice(('true', 'false'))})"
        return f" @{directive}(if: {self._variable('Boolean!', self.rng.random() < 0.5)})"

    def _argument(self, type_: GraphQLInputType) -> str:
        if self.rng.random() < 0.3:
            return self._variable(str(type_), self._json(type_))
        return self._literal(type_)

    def _variable(self, type_: str, value: Any) -> str:
        name = self.rng.choice(("representations", "v")) + str(len(self._declared) or "")
        self._declared.append(f"${name}: {type_}")
        self.variables[name] = value
        return f"${name}"

    def _json(self, type_: GraphQLInputType, depth: int = 0) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._json(type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            return [self._json(type_.of_type, depth)]
        if isinstance(type_, GraphQLInputObjectType):
            return {name: self._json(type_.fields[name].type, depth + 1) for name in self._inputs(type_, depth)}
        if isinstance(type_, GraphQLEnumType):
            return self.rng.choice(sorted(type_.values))
        return {"Int": 3, "Boolean": True, "Float": 1.5}.get(type_.name, "x")

    def _inputs(self, type_: GraphQLInputObjectType, depth: int) -> list[str]:
        """The fields to give: of an input that is inside of others, perhaps of its own type, only what it must have."""
        if type_.is_one_of:
            return [self.rng.choice(sorted(type_.fields))]
        return [name for name, each in type_.fields.items() if depth < INPUT_DEPTH_MAX or is_required_input_field(each)]

    def _literal(self, type_: GraphQLInputType, depth: int = 0) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._literal(type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            return f"[{self._literal(type_.of_type, depth)}]"
        if isinstance(type_, GraphQLInputObjectType):
            inner = (
                f"{name}: {self._literal(type_.fields[name].type, depth + 1)}" for name in self._inputs(type_, depth)
            )
            return "{" + ", ".join(inner) + "}"
        if isinstance(type_, GraphQLEnumType):
            return str(self.rng.choice(sorted(type_.values)))
        return {"Int": "3", "Boolean": "true", "Float": "1.5"}.get(type_.name, '"x"')
