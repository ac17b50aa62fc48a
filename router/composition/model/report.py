"""Where composition writes down what it finds: every problem and hint of a stage, never only the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from graphql import Node

from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.model.outcome import CompositionError, Hint, Place

Locator: TypeAlias = Callable[[str], Place | None]


class Located(Protocol):
    """A subgraph, as far as a report looks at it: its name, and where a coordinate stands in its SDL."""

    @property
    def name(self) -> str: ...

    def place(self, coordinate: str, /) -> Place | None: ...


class Refused(Exception):
    """A stage has found problems, which its report holds: there is no use in going on."""


@dataclass(slots=True)
class Report:
    """The problems and hints so far, in the order found."""

    errors: list[CompositionError] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    _locators: dict[str, Locator] = field(default_factory=dict)

    def locate_in(self, subgraphs: Iterable[Located]) -> None:
        """From now on hints come with the places that their coordinates have in the subgraphs they name."""
        self._locators = {subgraph.name: subgraph.place for subgraph in subgraphs}

    def error(
        self,
        code: Code,
        message: str,
        *,
        subgraphs: Iterable[str] = (),
        coordinates: Iterable[str] = (),
        places: Iterable[Place | None] = (),
    ) -> None:
        """Write down a problem; the subgraphs are those of the places where none are named."""
        known = tuple(dict.fromkeys(place for place in places if place is not None))
        names = tuple(dict.fromkeys(subgraphs)) or tuple(dict.fromkeys(place.subgraph for place in known))
        self.errors.append(CompositionError(code, message, names, tuple(dict.fromkeys(coordinates)), known))

    def hint(
        self, code: HintCode, message: str, *, subgraphs: Iterable[str] = (), coordinates: Iterable[str] = ()
    ) -> None:
        """Write down a hint."""
        names, at = tuple(dict.fromkeys(subgraphs)), tuple(dict.fromkeys(coordinates))
        found = (self._locators[name](coordinate) for name in names if name in self._locators for coordinate in at)
        places = dict.fromkeys(place for place in found if place is not None)
        self.hints.append(Hint(code, message, names, at, tuple(places)))

    def refuse_errors(self) -> None:
        """End a stage. Raises Refused where it has found any problem."""
        if self.errors:
            raise Refused

    def annotate(self, start: int, note: str) -> None:
        """Add a sentence to the messages of all problems from the one with this number on."""
        self.errors[start:] = [replace(error, message=f"{error.message} {note}") for error in self.errors[start:]]


def place_of(node: Node | None, *, subgraph: str) -> Place | None:
    """Where an AST node begins; None for nodes of our own making, which have no location."""
    if node is None or node.loc is None:
        return None
    token = node.loc.start_token
    return Place(subgraph, node.loc.source.name, token.line, token.column)
