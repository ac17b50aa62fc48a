"""Where composition writes down what it finds: every problem and hint of a stage, never only the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from graphql import Node

from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.model.outcome import CompositionError, Hint, Place


class Refused(Exception):
    """A stage has found problems, which its report holds: there is no use in going on."""


@dataclass(slots=True)
class Report:
    """The problems and hints so far, in the order found."""

    errors: list[CompositionError] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

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
        self.hints.append(Hint(code, message, tuple(dict.fromkeys(subgraphs)), tuple(dict.fromkeys(coordinates))))

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
