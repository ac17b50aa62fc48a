"""Merges a subgraph's answer into the tree of everything answered so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import structlog
from graphql import GraphQLSchema, is_interface_type

from router.executor.exact import decode_exactly
from router.executor.requests import encode
from router.plan import Fetch, OutputSelection, PathKey, RepresentationField

KeyPath: TypeAlias = tuple[str, ...]
log = structlog.get_logger(__name__)


@dataclass
class Merger:
    """The merge rules of one operation.

    `schema` is the full supergraph schema, `output` what the client selected, `inputs` where leaves stand that the plan needs itself.
    """

    schema: GraphQLSchema
    output: OutputSelection
    inputs: frozenset[KeyPath] = frozenset()
    _interfaces: dict[str, bool] = field(default_factory=dict)

    def merge(self, target: dict[str, Any], source: dict[str, Any], at: KeyPath = ()) -> None:
        """Put `source` into `target`, the object at the keys `at`.

        What is absent or null takes the value; null never replaces anything; objects merge key by key and lists of one
        length element by element; lists that disagree in length keep the first. A later leaf replaces an earlier one, and
        so does the whole value of a custom scalar. `source` is used up: its parts become parts of `target`.
        """
        for key, value in source.items():
            if value is None:
                target.setdefault(key, None)
            elif key == "__typename":
                self._merge_typename(target, value)
            elif isinstance(present := target.get(key), dict | list):
                target[key] = self._merged(present, value, (*at, key))
            else:
                target[key] = value

    def _merged(self, present: Any, value: Any, at: KeyPath) -> Any:
        if isinstance(present, dict) and isinstance(value, dict):
            if at in self._opaque:
                return value
            self.merge(present, value, at)
            return present
        if isinstance(present, list) and isinstance(value, list):
            return value if at in self._opaque else self._merged_list(present, value, at)
        # A leaf never wins over an object or list: the two subgraphs disagree about the shape, and the first stands.
        return present if isinstance(present, dict | list) else value

    def _merged_list(self, present: list[Any], value: list[Any], at: KeyPath) -> list[Any]:
        if len(present) != len(value):
            log.warning("subgraphs disagree about the length of a list", at=".".join(at))
            return present
        return [
            element if other is None else self._merged(element, other, at)
            for element, other in zip(present, value, strict=True)
        ]

    def _merge_typename(self, target: dict[str, Any], name: Any) -> None:
        """A concrete type replaces the interface's name that an @interfaceObject answers; the first concrete one stays."""
        known = target.get("__typename")
        if known is None or self._is_interface(known):
            target["__typename"] = name

    def _is_interface(self, name: Any) -> bool:
        if not isinstance(name, str):
            return False
        if name not in self._interfaces:
            self._interfaces[name] = is_interface_type(self.schema.get_type(name))
        return self._interfaces[name]

    @cached_property
    def _opaque(self) -> frozenset[KeyPath]:
        """Keys that hold a custom scalar for every type that has them, shown or not. Asked only where two answers meet."""
        kinds: dict[KeyPath, bool] = {}
        for at, opaque in _leaves_and_objects(self.output, ()):
            kinds[at] = opaque and kinds.get(at, True)
        return frozenset(at for at, opaque in kinds.items() if opaque) | (self.inputs - kinds.keys())


def _leaves_and_objects(selection: OutputSelection, at: KeyPath) -> Iterator[tuple[KeyPath, bool]]:
    for fields in selection.by_type.values():
        for output in fields:
            here = (*at, output.source)
            yield here, output.opaque
            if output.selection is not None:
                yield from _leaves_and_objects(output.selection, here)


def inputs_of(fetches: Iterable[Fetch]) -> frozenset[KeyPath]:
    """The keys under which the leaves of representations stand: a value there has no part that is fetched by itself."""
    return frozenset(
        at
        for fetch in fetches
        for anchor in fetch.anchors
        for representation in anchor.representations
        for at in _leaves(representation.fields, tuple(step.key for step in anchor.path if isinstance(step, PathKey)))
    )


def _leaves(fields: Iterable[RepresentationField], at: KeyPath) -> Iterator[KeyPath]:
    for wanted in fields:
        here = (*at, wanted.key)
        if wanted.fields:
            yield from _leaves(wanted.fields, here)
        else:
            yield here


def copies(value: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """JSON objects with no part in common with `value`, or with each other.

    By way of text: it is faster than a walk in Python, and goes as deep as answers are read.
    """
    text = encode(value)
    return [decode_exactly(text) for _ in range(count)]
