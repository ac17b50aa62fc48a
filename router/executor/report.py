"""The errors of one operation as the client sees them, and the question whether one of them explains a null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from router.executor.errors import SubgraphError
from router.executor.occurrences import Position
from router.limits import ERROR_OCCURRENCES_MAX
from router.plan import OutputField, OutputSelection

ClientPath: TypeAlias = tuple[str | int, ...]


class Report:
    """Collects errors in the order they are added.

    `denied` are path prefixes, with "@" for a list level, whose authorization errors the caller reports itself: they explain
    nulls like any other error.
    """

    def __init__(self, denied: Sequence[tuple[str, ...]] = ()) -> None:
        self.errors: list[dict[str, Any]] = []
        self._positions: set[ClientPath] = set()
        self._above: set[ClientPath] = set()
        for path in denied:
            self._remember(path)

    def add(self, message: str, path: ClientPath, extensions: Mapping[str, Any] | None = None) -> None:
        """Report one error at one position."""
        self._remember(path)
        error: dict[str, Any] = {"message": message}
        if path:
            error["path"] = list(path)
        if extensions:
            error["extensions"] = dict(extensions)
        self.errors.append(error)

    def add_answered(self, error: SubgraphError, tree: dict[str, Any], output: OutputSelection) -> None:
        """Report a subgraph's error at the first ERROR_OCCURRENCES_MAX of its positions; the rest only explain nulls."""
        # Positions that differ only below something the client does not see become one.
        paths = list(dict.fromkeys(client_path(position, tree, output) for position in error.positions))
        for path in paths[:ERROR_OCCURRENCES_MAX]:
            self.add(error.message, path, error.extensions)
        for path in paths[ERROR_OCCURRENCES_MAX:]:
            self._remember(path)
        for position in error.nulls:
            self._remember(client_path(position, tree, output))

    def explains(self, path: ClientPath) -> bool:
        """Whether some error stands above, at or below `path`."""
        return any(self._touches(candidate) for candidate in {path, _without_indices(path)})

    def _touches(self, path: ClientPath) -> bool:
        return path in self._above or any(path[:length] in self._positions for length in range(len(path) + 1))

    def _remember(self, path: ClientPath) -> None:
        self._positions.add(path)
        self._above.update(path[:length] for length in range(len(path)))


def _without_indices(path: ClientPath) -> ClientPath:
    return tuple("@" if isinstance(part, int) else part for part in path)


def client_path(position: Position, tree: dict[str, Any], output: OutputSelection) -> ClientPath:
    """The client's path to a position of the merged tree: its response keys, cut above anything it did not select."""
    path: list[str | int] = []
    node: Any = tree
    selection: OutputSelection | None = output
    for part in position:
        if isinstance(part, int):
            path.append(part)
            node = node[part] if isinstance(node, list) and 0 <= part < len(node) else None
            continue
        field = None if selection is None else _field_at(part, node, selection)
        if field is None:
            break
        path.append(field.key)
        node = node.get(part) if isinstance(node, dict) else None
        selection = field.selection
    return tuple(path)


def _field_at(source: str, node: Any, selection: OutputSelection) -> OutputField | None:
    """The output field that shows `source`: by the object's own type where it is there, else by any type that has it."""
    typename = node.get("__typename") if isinstance(node, dict) else None
    known = selection.by_type.get(typename) if isinstance(typename, str) else None
    choices = selection.by_type.values() if known is None else (known,)
    return next((field for fields in choices for field in fields if field.source == source), None)
