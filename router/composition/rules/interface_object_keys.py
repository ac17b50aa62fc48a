"""INTERFACE_OBJECT_USAGE_ERROR: without a key, nobody could enter an interface object."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report


def check(subgraph: Subgraph, report: Report) -> None:
    """Report interface objects without key."""
    for type_ in subgraph.schema.types.values():
        if type_.has("interfaceObject") and not type_.has("key"):
            report.error(
                Code.INTERFACE_OBJECT_USAGE_ERROR,
                f'[{subgraph.name}] @interfaceObject needs an entity, but type "{type_.name}" has no @key here.',
                coordinates=[type_.name],
                places=[type_.place],
            )
