"""SATISFIABILITY_ERROR: every field that clients can ask for is had from some subgraph, on every path to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.obstacles import SplitMutation, Unreachable
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.rules import obstacles

_SHOWN_MAX = 20  # of the coordinates that are counted only


def report(unreachable: Unreachable, places: Iterable[Place | None], report_: Report) -> None:
    """Report a step that leads nowhere: the shortest operation that takes it, why not in each subgraph, and a way out."""
    report_.error(
        Code.SATISFIABILITY_ERROR,
        "\n".join(_lines(unreachable)),
        subgraphs=[*unreachable.standing, *(obstacle.subgraph for obstacle in unreachable.obstacles)],
        coordinates=[unreachable.coordinate],
        places=places,
    )


def report_rest(coordinates: Sequence[str], report_: Report) -> None:
    """Count what is not reported one by one."""
    if not coordinates:
        return
    more = f" and {len(coordinates) - _SHOWN_MAX} more" if len(coordinates) > _SHOWN_MAX else ""
    listed = ", ".join(coordinates[:_SHOWN_MAX])
    report_.error(
        Code.SATISFIABILITY_ERROR,
        f"{len(coordinates)} more elements cannot be reached, often for the same reasons: {listed}{more}.",
        coordinates=coordinates,
    )


def report_mutation(split: SplitMutation, places: Iterable[Place | None], report_: Report) -> None:
    """Report a mutation that would have to be called in several subgraphs."""
    lines = [
        f'"{split.coordinate}" is resolved by {wording.subgraphs(split.unreachable)}. A mutation is called once, in one'
        " subgraph, and none of them leads to everything that clients can ask of its result:"
    ]
    for subgraph, found in split.unreachable.items():
        lines.append(f'- called in subgraph "{subgraph}":')
        lines.extend(f"  {line}" for unreachable in found for line in _lines(unreachable))
    report_.error(
        Code.SATISFIABILITY_ERROR,
        "\n".join(lines),
        subgraphs=split.unreachable,
        coordinates=[split.coordinate, *(one.coordinate for found in split.unreachable.values() for one in found)],
        places=places,
    )


def _lines(unreachable: Unreachable) -> Iterator[str]:
    what = f'objects of type "{unreachable.coordinate}"' if unreachable.interface else f'"{unreachable.coordinate}"'
    yield f"No way through the subgraphs leads to {what}, which this operation asks for:"
    yield f"  {unreachable.operation}"
    for sentence in obstacles.sentences(unreachable):
        yield f"- {sentence}"
    yield f"Way out: {obstacles.way_out(unreachable)}"
