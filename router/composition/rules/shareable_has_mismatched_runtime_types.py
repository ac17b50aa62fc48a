"""SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: subgraphs that share a field of an abstract type know a common object type of it."""

from __future__ import annotations

from collections.abc import Iterable

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.obstacles import RuntimeTypes
from router.composition.model.outcome import Place
from router.composition.model.report import Report


def report(coordinate: str, types: RuntimeTypes, places: Iterable[Place | None], report_: Report) -> None:
    """Report a shared field for which no object can be the same in all subgraphs."""
    known = wording.variants((subgraph, wording.object_types(names)) for subgraph, names in types.by_subgraph.items())
    report_.error(
        Code.SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES,
        f'"{coordinate}" is shared, and nothing that it returns can be the same everywhere: it can be {known}.'
        " Let the subgraphs that share it have an object type in common.",
        subgraphs=types.by_subgraph,
        coordinates=[coordinate],
        places=places,
    )
