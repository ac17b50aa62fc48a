"""Trails: the way an operation takes from its root, and the operation that takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """The last selection of a way (at the root: the kind of operation), and the way before it."""

    selection: str
    before: Trail | None = None

    def below(self, name: str, *, has_arguments: bool) -> Trail:
        """One field on."""
        return Trail(f"{name}(…)" if has_arguments else name, self)

    def narrowed(self, type_: str) -> Trail:
        """The objects of one type."""
        return Trail(f"... on {type_}", self)

    def operation(self, *, open_ended: bool = False) -> str:
        """The operation on one line, arguments elided: `{ vessel(…) { berth { code } } }`.

        An `open_ended` one ends in a selection of its own, for the last step is to objects.
        """
        selections: list[str] = []
        trail = self
        while trail.before is not None:
            selections.append(trail.selection)
            trail = trail.before
        text = "{ … }" if open_ended else ""
        for selection in selections:
            text = f"{{ {selection} {text} }}" if text else f"{{ {selection} }}"
        return text if trail.selection == "query" else f"{trail.selection} {text}"
