"""INTERFACE_OBJECT_USAGE_ERROR: an interface object has a key, stands apart from the implementations, and has an interface."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.report import Report
from router.composition.model.schema import Type
from router.composition.model.subgraph import Subgraph


def check(subgraph: Subgraph, report: Report) -> None:
    """Report interface objects without key: nobody could enter them."""
    for type_ in subgraph.schema.types.values():
        if type_.has("interfaceObject") and not type_.has("key"):
            report.error(
                Code.INTERFACE_OBJECT_USAGE_ERROR,
                f'[{subgraph.name}] @interfaceObject needs an entity, but type "{type_.name}" has no @key here:'
                " give it that of the interface.",
                coordinates=[type_.name],
                places=[type_.place],
            )


def report_implementations(interface: Source[Type], known: Sequence[str], merging: Merging) -> None:
    """Report an interface object in a subgraph that knows some of the implementations that it stands for."""
    types, subgraph = interface.subgraph.schema.types, interface.subgraph.name
    merging.report.error(
        Code.INTERFACE_OBJECT_USAGE_ERROR,
        f'[{subgraph}] Interface "{interface.element.name}" is an @interfaceObject here, so this subgraph must'
        f" define none of its implementations, but it defines {wording.series(known)}.",
        coordinates=[interface.element.name, *known],
        places=[interface.element.place, *(types[name].place for name in known)],
    )


def report_no_interface(versions: Sequence[Source[Type]], report: Report) -> None:
    """Report a type that is an interface object wherever it is."""
    name = versions[0].element.name
    report.error(
        Code.INTERFACE_OBJECT_USAGE_ERROR,
        f'Type "{name}" is declared with @interfaceObject in every subgraph that has it'
        f" ({wording.subgraphs(names(versions))}): one of them must define the interface.",
        coordinates=[name],
        places=places(versions),
    )


def report_federation_1_key(objects: Sequence[Source[Type]], keyed: Sequence[Source[Type]], report: Report) -> None:
    """Report interface objects of an interface that has its key where it is read as federation 1."""
    name, old = objects[0].element.name, wording.subgraphs(names(keyed))
    report.error(
        Code.INTERFACE_OBJECT_USAGE_ERROR,
        f'Type "{name}" is an interface object in {wording.subgraphs(names(objects))}, but the key of the interface in {old}'
        " does not say which implementation an entity is: that schema is read as federation 1, which ignores keys on"
        f" interfaces. Link federation 2 in {old}, or remove the key there.",
        coordinates=[name],
        places=[*places(objects), *places(keyed)],
    )
