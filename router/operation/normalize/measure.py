"""Refuses an operation that is too big before its fragments are spread: a few lines can stand for millions of fields."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from router.errors import TooLarge
from router.limits import ROOT_FIELDS_MAX, SELECTION_DEPTH_MAX, SELECTIONS_MAX
from router.operation.normalize.source import Source


@dataclass(frozen=True, slots=True)
class Size:
    """Of a selection set with its fragments spread: fields at its own level, fields in all, and levels."""

    own: int
    total: int
    depth: int


def measure(source: Source) -> Size:
    """The size of the operation. Raises TooLarge past the bounds of `router.limits`. Each fragment is measured once."""
    size = _Ruler(source).size(source.operation.selection_set, 0)
    if size.depth > SELECTION_DEPTH_MAX:
        raise _too_deep()
    if size.total > SELECTIONS_MAX:
        raise TooLarge(f"The operation selects {size.total} fields; at most {SELECTIONS_MAX} are allowed.")
    if size.own > ROOT_FIELDS_MAX:
        raise TooLarge(f"The operation selects {size.own} root fields; at most {ROOT_FIELDS_MAX} are allowed.")
    return size


def _too_deep() -> TooLarge:
    return TooLarge(f"The operation is nested more than {SELECTION_DEPTH_MAX} levels deep.")


class _Ruler:
    def __init__(self, source: Source) -> None:
        self._fragments = source.fragments
        self._known: dict[str, Size] = {}

    def size(self, selections: SelectionSetNode, level: int) -> Size:
        # Fragments add no level to the answer, yet nested ones would exhaust the stack all the same.
        if level > 2 * SELECTION_DEPTH_MAX:
            raise _too_deep()
        own = total = depth = 0
        for node in selections.selections:
            match node:
                case FieldNode(selection_set=None):
                    part = Size(1, 1, 1)
                case FieldNode(selection_set=SelectionSetNode() as children):
                    inner = self.size(children, level + 1)
                    part = Size(1, 1 + inner.total, 1 + inner.depth)
                case InlineFragmentNode():
                    part = self.size(node.selection_set, level + 1)
                case FragmentSpreadNode():
                    part = self._fragment(node.name.value, level)
                case _:
                    raise AssertionError(f"unknown kind of selection: {node.kind}")
            own, total, depth = own + part.own, total + part.total, max(depth, part.depth)
        return Size(own, total, depth)

    def _fragment(self, name: str, level: int) -> Size:
        if name not in self._known:
            self._known[name] = self.size(self._fragments[name].selection_set, level + 1)
        return self._known[name]
