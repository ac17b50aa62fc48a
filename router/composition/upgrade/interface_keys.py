"""Interface objects of federation 2 beside interface keys of federation 1, which never promised to name the implementation."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.schema import Type
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report


def check(subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report interface objects whose interface has its key in a federation 1 subgraph."""
    objects: dict[str, list[tuple[Subgraph, Type]]] = {}
    keyed: dict[str, list[tuple[Subgraph, Type]]] = {}
    for subgraph in subgraphs:
        for type_ in subgraph.schema.types.values():
            if type_.has("interfaceObject") and not subgraph.federation_1:
                objects.setdefault(type_.name, []).append((subgraph, type_))
            elif type_.kind == "INTERFACE" and subgraph.federation_1 and type_.has("key"):
                keyed.setdefault(type_.name, []).append((subgraph, type_))
    for name in objects.keys() & keyed.keys():
        _report(name, objects[name], keyed[name], report)


def _report(
    name: str, objects: Sequence[tuple[Subgraph, Type]], keyed: Sequence[tuple[Subgraph, Type]], report: Report
) -> None:
    old = wording.subgraphs(subgraph.name for subgraph, _ in keyed)
    report.error(
        Code.INTERFACE_OBJECT_USAGE_ERROR,
        f'Type "{name}" is an interface object in {wording.subgraphs(subgraph.name for subgraph, _ in objects)}, but the key'
        f" of the interface in {old} does not say which implementation an entity is: it is read as federation 1, which"
        f" ignores keys on interfaces. Link federation 2 in {old}, or remove the key there.",
        coordinates=[name],
        places=[type_.place for _, type_ in (*objects, *keyed)],
    )
