"""How far the operations of a document extend with their fragments spread, found without spreading them.

For a document that was only parsed: a few lines can stand for millions of fields, and validation itself takes time with the square of
fields that share a key. What validation will refuse (a fragment that is missing, or spreads itself) counts nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from router.limits import EXTENT_COUNTED_MAX, NESTING_MAX


class Nested(Exception):
    """Selections are nested more than `NESTING_MAX` levels deep: nobody goes on looking."""


class Extent(NamedTuple):
    """Of one operation with its fragments spread; counts stop at `EXTENT_COUNTED_MAX`.

    `depth` is levels of fields, `root_fields` and `fields` how many are selected at the root and in all, however often a fragment
    brings them, `aliases` how many of those have one, `directives` how many stand on selections.
    """

    depth: int = 0
    root_fields: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """Of one operation with equal fields merged.

    `height` counts the different fields, those of one name at one place once. `pairs` is how often two fields have the same key at one
    place: validation compares each such pair (GraphQL specification, section 5.3.2).
    """

    height: int
    pairs: int


class Ruler:
    """Measures the operations of one document; each fragment is measured once."""

    def __init__(self, document: DocumentNode) -> None:
        definitions = document.definitions
        self.operations = tuple(node for node in definitions if isinstance(node, OperationDefinitionNode))
        self._fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}
        self._known: dict[str, Extent | None] = {}

    def extents(self) -> Iterator[tuple[OperationDefinitionNode | FragmentDefinitionNode, Extent]]:
        """Each operation's extent, and that of each fragment that no operation spreads. Raises Nested."""
        for operation in self.operations:
            yield operation, self._of_set(operation.selection_set, 0)
        for name, fragment in self._fragments.items():
            if name not in self._known:
                yield fragment, self._of_fragment(name, 0)

    def merged(self, definition: OperationDefinitionNode | FragmentDefinitionNode) -> Merged:
        """The definition with equal fields merged: takes time with the fields it has in all."""
        selected = self._collected([definition.selection_set])
        return Merged(self._height(selected), self._pairs(selected))

    # ── with fragments spread ───────────────────────────────────────────────────────────────────────────────────────

    def _of_set(self, selections: SelectionSetNode, level: int) -> Extent:
        if level > NESTING_MAX:
            raise Nested
        depth = root_fields = fields = aliases = directives = 0
        for node in selections.selections:
            part = self._of_selection(node, level + 1)
            depth = max(depth, part.depth)
            root_fields += part.root_fields
            fields += part.fields
            aliases += part.aliases
            directives += part.directives + len(node.directives or ())
        return Extent(depth, *(min(count, EXTENT_COUNTED_MAX) for count in (root_fields, fields, aliases, directives)))

    def _of_selection(self, node: SelectionNode, level: int) -> Extent:
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node.name.value, level)
        if isinstance(node, InlineFragmentNode):
            return self._of_set(node.selection_set, level)
        assert isinstance(node, FieldNode), f"unknown kind of selection: {node.kind}"
        inner = self._of_set(node.selection_set, level) if node.selection_set is not None else Extent()
        aliases = inner.aliases + (node.alias is not None)
        return Extent(inner.depth + 1, 1, inner.fields + 1, aliases, inner.directives)

    def _of_fragment(self, name: str, level: int) -> Extent:
        known = self._known.get(name)
        if known is None:
            if (
                name in self._known or name not in self._fragments
            ):  # it is being measured: it spreads itself; or is not there
                return Extent()
            self._known[name] = None
            known = self._known[name] = self._of_set(self._fragments[name].selection_set, level + 1)
        return known

    # ── with equal fields merged ────────────────────────────────────────────────────────────────────────────────────

    def _collected(self, sets: Iterable[SelectionSetNode]) -> list[FieldNode]:
        """The fields at one place: those of the sets and of the fragments in them, each fragment once."""
        fields: list[FieldNode] = []
        spread: set[str] = set()
        pending = list(sets)
        while pending:
            for node in pending.pop().selections:
                if isinstance(node, FieldNode):
                    fields.append(node)
                elif isinstance(node, InlineFragmentNode):
                    pending.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and (name := node.name.value) not in spread:
                    spread.add(name)
                    if name in self._fragments:
                        pending.append(self._fragments[name].selection_set)
        return fields

    def _height(self, fields: list[FieldNode]) -> int:
        by_name: dict[str, list[SelectionSetNode]] = {}
        for node in fields:
            sets = by_name.setdefault(node.name.value, [])
            if node.selection_set is not None:
                sets.append(node.selection_set)
        return len(by_name) + sum(self._height(self._collected(sets)) for sets in by_name.values() if sets)

    def _pairs(self, fields: list[FieldNode]) -> int:
        pairs = 0
        for alike in _by_key(fields).values():
            pairs += len(alike) * (len(alike) - 1) // 2
            if sets := [node.selection_set for node in alike if node.selection_set is not None]:
                pairs += self._pairs(self._collected(sets))
        return pairs


def _by_key(fields: list[FieldNode]) -> Mapping[str, list[FieldNode]]:
    by_key: dict[str, list[FieldNode]] = {}
    for node in fields:
        by_key.setdefault((node.alias or node.name).value, []).append(node)
    return by_key
