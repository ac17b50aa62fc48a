"""What the client asks for, as text: a line for each place of the answer, indented below its parent.

`on A|B` tells the object types that a field is wanted of, where it is not wanted of all that may stand there.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.graph import Need
from router.planner.wanted import Place, Wanted


def show_wanted(wanted: Wanted) -> str:
    """The places of a whole operation."""
    return "\n".join((wanted.type, *_lines(wanted, "  ")))


def shown_field(need: Need) -> str:
    """A field with its key and arguments, as GraphQL writes it."""
    alias = "" if need.key in (None, need.name) else f"{need.key}: "
    arguments = f"({need.arguments_text})" if need.arguments_text else ""
    return f"{alias}{need.name}{arguments}"


def _lines(wanted: Wanted, indent: str) -> Iterator[str]:
    for place in wanted.places:
        yield f"{indent}{_place(place, wanted)}"
        if place.wanted is not None:
            yield from _lines(place.wanted, indent + "  ")


def _place(place: Place, wanted: Wanted) -> str:
    need = place.need
    target = "" if need.is_leaf else f": {need.target}"
    types = "" if need.types >= wanted.by_type.keys() else f" on {'|'.join(sorted(need.types))}"
    return f"{shown_field(need)}{target}{types}{_note(place)}"


def _note(place: Place) -> str:
    if not place.hidden:
        return ""
    return " # denied" if place.selection.denied else " # not fetched"
