"""Walks an operation and marks the fields that callers of a view may not have."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graphql import GraphQLList, GraphQLOutputType, GraphQLWrappingType

from router.operation.model import FieldSelection, FragmentSelection, Selection
from router.security.caller import View
from router.security.denial import EACH, Denial, Reason
from router.security.protection import Protection, Rules


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands: by the client's keys, and as Apollo's router writes it. A fragment that is `shut` is written for
    all that stands in it."""

    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    shut: bool = False

    def field(self, selection: FieldSelection) -> _Place:
        return _Place((*self.keys, selection.key), self.names if self.shut else (*self.names, selection.name))

    def fragment(self, on: str, *, shut: bool) -> _Place:
        return self if self.shut else _Place(self.keys, (*self.names, f"... on {on}"), shut)

    def elements(self, type_: GraphQLOutputType) -> _Place:
        each = (EACH,) * _list_levels(type_)
        return _Place((*self.keys, *each), (*self.names, *each), self.shut)


class Marker:
    """One walk for one view; what it found is in `denials`. With `withholds` off nothing is marked, only found."""

    def __init__(self, protection: Protection, view: View, *, withholds: bool) -> None:
        self._protection = protection
        self._view = view
        self._withholds = withholds
        self._found: dict[Denial, None] = {}

    @property
    def denials(self) -> tuple[Denial, ...]:
        """Each once, in the order of the operation."""
        return tuple(self._found)

    def mark(self, selections: tuple[Selection, ...], at: _Place = _Place()) -> tuple[Selection, ...]:
        """The same selections, what is denied among them marked so."""
        return tuple(self._mark_one(selection, at) for selection in selections)

    def _mark_one(self, selection: Selection, at: _Place) -> Selection:
        if isinstance(selection, FragmentSelection):
            inside = at.fragment(selection.on, shut=not self._met(self._protection.types.get(selection.on, ())))
            return replace(selection, selections=self.mark(selection.selections, inside))
        here = at.field(selection)
        below = here.elements(selection.type)
        if not self._met(self._protection.fields.get((selection.parent, selection.name), ())):
            self._deny(selection, here.keys, below.names)
            return replace(selection, denied=True) if self._withholds else selection
        return (
            replace(selection, selections=self.mark(selection.selections, below)) if selection.selections else selection
        )

    def _deny(self, selection: FieldSelection, position: tuple[str, ...], by_names: tuple[str, ...]) -> None:
        reason: Reason = "forbidden" if self._view.authenticated else "unauthenticated"
        coordinate = f"{selection.parent}.{selection.name}"
        self._found[Denial(position, coordinate, reason, by_names, self._withholds)] = None

    def _met(self, rules: Rules) -> bool:
        return all(rule.met_by(self._view) for rule in rules)


def _list_levels(type_: GraphQLOutputType) -> int:
    levels = 0
    while isinstance(type_, GraphQLWrappingType):
        levels += isinstance(type_, GraphQLList)
        type_ = type_.of_type
    return levels
