"""Physical keys as rewrites, for readers of a plan who know the client's keys alone.

The tree holds a field under a key of its own where the client's would not do, and the projection reads it from there. A reader
who merges answers by the client's keys has to rename them as they come in: Apollo's plans say so as `KeyRenamer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.plan.nodes import Each, OutputField, OutputSelection, Path, PathKey, RepresentationField

TYPENAME = "__typename"  # never renamed, and nothing else is renamed to it: readers tell types by it


@dataclass(frozen=True, slots=True)
class Renamed:
    """A key at some place of an answer that the client knows by another one. `path` has guards in the form `... on Type`."""

    path: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the client sees of the objects at one place, for each type that they may have."""

    by_type: tuple[tuple[str, tuple[OutputField, ...]], ...]

    @classmethod
    def of(cls, selections: Iterable[OutputSelection]) -> Seen:
        """What is seen of objects that several selections may show."""
        return cls(tuple(pair for one in selections for pair in one.by_type.items()))

    def only(self, types: Sequence[str]) -> Seen:
        """The same for objects of some types; all of them where those are none that the client sees."""
        narrowed = tuple(pair for pair in self.by_type if pair[0] in types)
        return Seen(narrowed) if narrowed else self

    def held_under(self, key: str) -> list[tuple[str, OutputField]]:
        """The fields that the tree holds under a key, each with the type it belongs to."""
        fields = ((type_, field) for type_, fields in self.by_type for field in fields)
        return [
            (type_, field) for type_, field in fields if field.source == key and TYPENAME not in (field.key, field.name)
        ]

    def key_of(self, key: str) -> str:
        """The client's key for one of the tree; hidden fields have none, and keep theirs."""
        return next((field.key for _, field in self.held_under(key)), key)

    def below(self, key: str) -> Seen:
        """What is seen below a key of the tree."""
        found = {
            id(field.selection): field.selection for _, field in self.held_under(key) if field.selection is not None
        }
        return Seen.of(found.values())


def renamed_path(path: Path, output: OutputSelection) -> tuple[Path, Seen]:
    """A path with the client's keys, and what the client sees there."""
    seen = Seen.of([output])
    steps: list[PathKey | Each] = []
    for step in path:
        if isinstance(step, PathKey):
            here = seen.only(step.on)
            steps.append(replace(step, key=here.key_of(step.key)))
            seen = here.below(step.key)
        else:
            steps.append(step)
    return tuple(steps), seen


def renamed_inputs(fields: Iterable[RepresentationField], seen: Seen) -> tuple[RepresentationField, ...]:
    """Inputs with the client's keys."""
    return tuple(
        replace(field, key=here.key_of(field.key), fields=renamed_inputs(field.fields, here.below(field.key)))
        for field in fields
        for here in [seen.only(field.on)]
    )


def renames(selected: SelectionSetNode, seen: Seen, at: tuple[str, ...] = ()) -> Iterator[Renamed]:
    """What has to be renamed in an answer: inner keys first, so that paths hold while they are followed."""
    for node in selected.selections:
        if isinstance(node, InlineFragmentNode):
            type_ = node.type_condition.name.value if node.type_condition else ""
            yield from renames(node.selection_set, seen.only([type_]), (*at, f"... on {type_}"))
        elif isinstance(node, FieldNode):
            key = (node.alias or node.name).value
            if node.selection_set is not None:
                yield from renames(node.selection_set, seen.below(key), (*at, key))
            yield from _renamed(key, seen, at)


def _renamed(key: str, seen: Seen, at: tuple[str, ...]) -> Iterator[Renamed]:
    held = {type_: field.key for type_, field in seen.held_under(key)}
    if len(set(held.values())) == 1 and len(held) == len({type_ for type_, _ in seen.by_type}):
        yield from (Renamed((*at, key), name) for name in set(held.values()) if name != key)
        return
    yield from (Renamed((*at, f"... on {type_}", key), name) for type_, name in held.items() if name != key)
