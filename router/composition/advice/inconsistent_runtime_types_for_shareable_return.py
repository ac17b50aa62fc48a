"""INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN: subgraphs that share a field know different object types behind it."""

from __future__ import annotations

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.obstacles import RuntimeTypes
from router.composition.model.report import Report


def hint(coordinate: str, types: RuntimeTypes, report: Report) -> None:
    """Tell which subgraph knows which; plans count on the common ones."""
    known = wording.variants((subgraph, wording.object_types(names)) for subgraph, names in types.by_subgraph.items())
    report.hint(
        HintCode.INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN,
        f'"{coordinate}" is shared and should return the same everywhere, yet it can be {known}:'
        f" only {wording.object_types(types.common)} can come from all of them.",
        subgraphs=types.by_subgraph,
        coordinates=[coordinate],
    )
