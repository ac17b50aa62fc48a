"""Collects what an entity fetch sends: one representation per distinct value, and the objects that wait for its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from router.executor.contexts import Context, context_of
from router.executor.occurrences import Occurrence, occurrences
from router.plan import Entities, Representation, RepresentationField


@dataclass(frozen=True, slots=True)
class Collected:
    """`values[i]`, as JSON, is sent once for all of `occurrences[i]`."""

    values: list[bytes] = field(default_factory=list)
    occurrences: list[list[Occurrence]] = field(default_factory=list)
    _index_of: dict[bytes, int] = field(default_factory=dict)

    def add(self, value: bytes, occurrence: Occurrence) -> None:
        """One more object, put as `value`."""
        index = self._index_of.setdefault(value, len(self.values))
        if index == len(self.values):
            self.values.append(value)
            self.occurrences.append([])
        self.occurrences[index].append(occurrence)


class _Incomplete(Exception):
    """An input that must be there is not: the object stays out of the fetch."""


def collect(tree: dict[str, Any], asked: Entities) -> dict[Context, Collected]:
    """Build the representations of the objects at all anchors, in their order; those that share their context values together.

    Equal ones are sent once; the comparison is by the whole value, since @requires inputs may differ between two
    occurrences of one key. An object lacking a key or a non-nullable input is left out without an error of its own: either
    its provider has reported one, or the null is legitimate data.
    """
    groups: dict[Context, Collected] = {}
    for anchor in asked.anchors:
        for occurrence in occurrences(tree, anchor.path):
            representation = _represent(occurrence.node, anchor.representations)
            context = context_of(tree, occurrence.position, anchor.contexts)
            if representation is not None and context is not None:
                # JSON tells 1 from true and from 1.0, which Python's == does not.
                groups.setdefault(context, Collected()).add(msgspec.json.encode(representation), occurrence)
    return groups


def _represent(node: dict[str, Any], choices: tuple[Representation, ...]) -> dict[str, Any] | None:
    chosen = _choose(node, choices)
    if chosen is None:
        return None
    try:
        return {"__typename": chosen.typename, **_inputs(node, chosen.fields, chosen.on)}
    except _Incomplete:
        return None


def _choose(node: dict[str, Any], choices: tuple[Representation, ...]) -> Representation | None:
    """The representation for the object's runtime type.

    An object nobody was asked to name is of the one type its position can have, so a sole choice holds for it.
    """
    if "__typename" not in node:
        return choices[0] if len(choices) == 1 else None
    return next((choice for choice in choices if choice.on == node["__typename"]), None)


def _inputs(node: dict[str, Any], fields: tuple[RepresentationField, ...], typename: str | None) -> dict[str, Any]:
    return {
        wanted.name: _input(node, wanted)
        for wanted in fields
        if not wanted.on or node.get("__typename", typename) in wanted.on
    }


def _input(node: dict[str, Any], wanted: RepresentationField) -> Any:
    if wanted.key not in node and wanted.is_key:
        raise _Incomplete
    value = node.get(wanted.key)
    if value is None:
        if not wanted.nullable:
            raise _Incomplete
        return None
    return _copy(value, wanted.fields) if wanted.fields else value


def _copy(value: Any, fields: tuple[RepresentationField, ...]) -> Any:
    """The listed fields of an object; lists keep their shape and their nulls."""
    if isinstance(value, list):
        return [_copy(element, fields) for element in value]
    if isinstance(value, dict):
        return _inputs(value, fields, None)
    if value is None:
        return None
    raise _Incomplete  # a scalar where the schema promises an object
