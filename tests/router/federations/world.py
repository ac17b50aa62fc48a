"""Made-up data of a federation: every value is a function of the object, the field and its arguments, the same to all.

The subgraphs serve their shares of it and the oracle all of it, so the answers must be equal. Objects with keys are few, come up
in many places, and are found again by their keys; other objects are known by where they hang.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    SelectionSetNode,
)
from graphql.execution.values import get_argument_values

from tests.router.federations.federation import Federation
from tests.router.federations.values import Shape, Shapes

ENTITIES_PER_TYPE = 4
LIST_MAX = 3
ONE_IN_NULL = 5
ONE_IN_FAULT = 9


@dataclass(frozen=True)
class Thing:
    """An object: its type and identity. The rest says how it was reached, for those who must mind that.

    `inputs` are what a representation brought along, `provided` what the way here provides; `above` is the object it hangs off.
    """

    type: str
    identity: str
    number: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict, compare=False)
    provided: SelectionSetNode | None = field(default=None, compare=False)
    above: Thing | None = field(default=None, compare=False, repr=False)


class Fault(Exception):
    """A resolver that fails on purpose."""


@dataclass(eq=False)
class World:
    """All data of a federation. Two worlds of one seed are the same. With `faults`, some resolvers fail wherever they run."""

    federation: Federation
    seed: int = 0
    faults: bool = False
    _shapes_known: dict[tuple[str, str], Shape] = field(default_factory=dict)

    @cached_property
    def shapes(self) -> Shapes:
        return Shapes(self.federation)

    def value(self, thing: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """What a field of an object is. Raises Fault where it fails."""
        arguments = self._seen(thing.type, name, arguments)
        where = f"{thing.identity}.{name}" + (json.dumps(arguments, sort_keys=True, default=str) if arguments else "")
        if (
            self.faults
            and (thing.type, name) not in self.federation.needed
            and not self._dice(f"{where}!!", ONE_IN_FAULT)
        ):
            raise Fault(f"fault at {where}")
        return self._value(self._shape(thing.type, name), where, thing, name)

    def _shape(self, type_: str, name: str) -> Shape:
        if (type_, name) not in self._shapes_known:
            self._shapes_known[type_, name] = self.shapes.of(type_, name)
        return self._shapes_known[type_, name]

    def _seen(self, type_: str, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments that all know: subgraphs may have more, with defaults, that composition leaves out."""
        supergraph = self.federation.supergraph
        shown: Any = supergraph.api.type_map.get(type_)
        declared: Any = shown if shown and name in shown.fields else supergraph.full.type_map[type_]
        known = declared.fields[name].args
        contextual = self.contextual.get((type_, name), {})
        return {
            key: _pruned(value, known[key].type) if key in known else value
            for key, value in arguments.items()
            if key in known or key in contextual
        }

    @cached_property
    def contextual(self) -> Mapping[tuple[str, str], Mapping[str, tuple[str, str]]]:
        """The arguments that fields take from a context: the subgraph that says so, and what it says."""
        found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
        for subgraph in self.federation.served.values():
            for (type_, name), said in subgraph.fields.items():
                for argument, text in dict(said.contextual).items():
                    for object_ in self.federation.possible(type_):
                        found.setdefault((object_, name), {})[argument] = (subgraph.name, text)
        return found

    def _value(self, shape: Shape, where: str, thing: Thing, name: str) -> Any:
        keyed = (thing.type, name) in self.federation.keyed
        is_list = len(shape.nullable) > 1
        if (
            shape.nullable[0]
            and not keyed
            and (not self._dice(f"{where}?", ONE_IN_NULL) or (shape.is_barren and not is_list))
        ):
            return None
        if is_list:
            least = 1 if keyed else 0  # an empty key would stand for every object
            size = 0 if shape.is_barren else least + self._dice(f"{where}#", LIST_MAX + 1 - least)
            return [self._value(shape.item(), f"{where}[{index}]", thing, name) for index in range(size)]
        assert not shape.is_barren, f"no value of {thing.type}.{name} fits all subgraphs"
        if shape.scalar is not None:
            return self._scalar(shape.scalar, where)
        if shape.enum:
            return shape.enum[self._dice(where, len(shape.enum))]
        return self._object(shape.objects, where, thing if keyed else None)

    def _scalar(self, name: str, where: str) -> Any:
        number = self._dice(where, 2**20)
        match name:
            case "Int":
                return number
            case "Float":
                return number + 0.5
            case "Boolean":
                return bool(number % 2)
            case "String" | "ID":
                return where
        # Any JSON may be a value of a custom scalar: nothing of it may be walked into, merged or rounded.
        odd: tuple[Any, ...] = (
            where,
            [number, None, [where]],
            {"id": where, "__typename": 1, "b": [{"a": None}]},
            2**63 - 1,
            -0.25,
            {},
            [],
        )
        return odd[number % len(odd)]

    def _object(self, objects: tuple[str, ...], where: str, owner: Thing | None) -> Thing:
        type_ = objects[self._dice(f"{where}!", len(objects))]
        if type_ in ("Query", "Mutation", "Subscription"):
            return Thing(type_, type_)
        if type_ not in self.federation.entities:
            return Thing(type_, where)
        # What keys lead to tells their owners apart.
        number = owner.number if owner and owner.number is not None else self._dice(f"{where}@", ENTITIES_PER_TYPE)
        return entity(type_, number)

    def _dice(self, where: str, sides: int) -> int:
        return int.from_bytes(sha256(f"{self.seed}:{where}".encode()).digest()[:4], "big") % sides

    # ── representations ─────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, subgraph: str, representation: Mapping[str, Any]) -> Thing:
        """The object that a representation names by one of the subgraph's keys."""
        known_as = representation["__typename"]
        keys = self.federation.served[subgraph].keys[known_as]
        found = {
            candidate
            for type_ in self.federation.possible(known_as)
            for number in range(ENTITIES_PER_TYPE)
            for candidate in [entity(type_, number)]
            if any(self._names(representation, key, candidate) for key in keys)
        }
        assert found, f"{subgraph} finds nothing by {representation}"
        assert len(found) == 1, f"{subgraph} finds {found} by {representation}"
        return replace(found.pop(), inputs=representation)

    def _names(self, representation: Mapping[str, Any], key: SelectionSetNode, candidate: Thing) -> bool:
        return holds(representation, self.shown(candidate, key))

    def shown(self, thing: Thing, selections: SelectionSetNode) -> dict[str, Any]:
        """What a field set shows of an object."""
        found: dict[str, Any] = {}
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                if node.type_condition is None or thing.type in self.federation.possible(
                    node.type_condition.name.value
                ):
                    found |= _deep(found, self.shown(thing, node.selection_set))
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                declared: Any = self.federation.supergraph.full.type_map[thing.type]
                arguments = get_argument_values(declared.fields[node.name.value], node)
                value = self._shown(self.value(thing, node.name.value, arguments), node.selection_set)
                found[node.name.value] = value
        return found

    def _shown(self, value: Any, selections: SelectionSetNode | None) -> Any:
        if isinstance(value, list):
            return [self._shown(item, selections) for item in value]
        return self.shown(value, selections) if isinstance(value, Thing) and selections else value


def entity(type_: str, number: int) -> Thing:
    """One of the objects that have keys."""
    return Thing(type_, f"{type_}#{number}", number)


def holds(given: Any, expected: Any) -> bool:
    """Whether what was sent says what is expected, whatever it says besides; what is null may be left out."""
    if isinstance(expected, dict):
        return isinstance(given, dict) and all(holds(given.get(key), value) for key, value in expected.items())
    if isinstance(expected, list):
        return isinstance(given, list) and len(given) == len(expected) and all(map(holds, given, expected))
    return type(given) is type(expected) and bool(given == expected)


def _deep(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """`more`, with objects that are known already completed."""
    return {
        key: known[key] | _deep(known[key], value)
        if isinstance(value, dict) and isinstance(known.get(key), dict)
        else value
        for key, value in more.items()
    }


def _pruned(value: Any, type_: GraphQLInputType) -> Any:
    """An input without the fields that clients cannot give."""
    if isinstance(type_, GraphQLNonNull):
        return _pruned(value, type_.of_type)
    if isinstance(type_, GraphQLList):
        return [_pruned(item, type_.of_type) for item in value] if isinstance(value, list) else value
    if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        return {key: _pruned(value[key], inner.type) for key, inner in type_.fields.items() if key in value}
    return value
