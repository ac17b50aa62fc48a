"""What goes into composition and what comes out: subgraphs in; a supergraph, or every reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from router.composition.codes import Code
from router.composition.hints import HintCode


@dataclass(frozen=True, slots=True)
class SubgraphInput:
    """One subgraph as its owners hand it in.

    `sdl` may be what `{ _service { sdl } }` answers. `url` is where the router will reach it. `source` names the file or
    address that the SDL was read from, for places in error messages; the subgraph's name stands in where it is empty.
    """

    name: str
    sdl: str
    url: str
    source: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a subgraph's SDL; lines and columns count from 1."""

    subgraph: str
    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"

    def as_dict(self) -> dict[str, Any]:
        return {"subgraph": self.subgraph, "source": self.source, "line": self.line, "column": self.column}


@dataclass(frozen=True, slots=True)
class CompositionError:
    """One reason why the subgraphs do not compose.

    `coordinates` are schema coordinates (`User.name`, `Query.users(first:)`) of what is at fault; `places` say where it
    stands in the SDL of the `subgraphs` concerned.
    """

    code: Code
    message: str
    subgraphs: tuple[str, ...] = ()
    coordinates: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code.name,
            "message": self.message,
            "subgraphs": list(self.subgraphs),
            "coordinates": list(self.coordinates),
            "places": [place.as_dict() for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class Hint:
    """Advice: the subgraphs compose, yet something about them may surprise. The rest is as in an error."""

    code: HintCode
    message: str
    subgraphs: tuple[str, ...] = ()
    coordinates: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code.name,
            "level": self.code.level,
            "message": self.message,
            "subgraphs": list(self.subgraphs),
            "coordinates": list(self.coordinates),
            "places": [place.as_dict() for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class Composed:
    """The subgraphs compose. `sdl` is the supergraph, the same text whatever the order of the subgraphs."""

    sdl: str
    hints: tuple[Hint, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON shape: `{"success": true, "sdl": …, "errors": [], "hints": […]}`."""
        return {"success": True, "sdl": self.sdl, "errors": [], "hints": [hint.as_dict() for hint in self.hints]}


@dataclass(frozen=True, slots=True)
class Rejected:
    """The subgraphs do not compose. `errors` are all the problems that the first failing stage found, never empty."""

    errors: tuple[CompositionError, ...]
    hints: tuple[Hint, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON shape: `{"success": false, "sdl": null, "errors": […], "hints": […]}`."""
        return {
            "success": False,
            "sdl": None,
            "errors": [error.as_dict() for error in self.errors],
            "hints": [hint.as_dict() for hint in self.hints],
        }
