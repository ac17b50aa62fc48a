"""INVALID_SUBGRAPH_NAME: a subgraph has a name of its own that is neither empty nor reserved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from router.composition.codes import Code
from router.composition.model.report import Report

_RESERVED = ("", "_")


def check(names: Sequence[str], graphs: Mapping[str, str], found: Report) -> frozenset[str]:
    """Report names that cannot be used, each once, and return them; `graphs` has what they become in join__Graph."""
    problems = {name: _problem(name, times, graphs[name]) for name, times in Counter(names).items()}
    unfit = {name: problem for name, problem in problems.items() if problem is not None}
    for name, problem in unfit.items():
        found.error(Code.INVALID_SUBGRAPH_NAME, problem, subgraphs=[name])
    return frozenset(unfit)


def _problem(name: str, times: int, graph: str) -> str | None:
    if name in _RESERVED:
        return f'A subgraph cannot be called "{name}": choose another name.'
    if times > 1:
        return f'{times} subgraphs are called "{name}": give each a name of its own.'
    if graph.startswith("__"):
        return (
            f'A subgraph cannot be called "{name}": in the supergraph it becomes {graph}, and GraphQL keeps names with two'
            " underscores in front for itself. Choose another name."
        )
    return None
