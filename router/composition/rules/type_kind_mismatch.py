"""TYPE_KIND_MISMATCH: a type is of one kind in all subgraphs; an interface object counts as the interface."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Source, names, places
from router.composition.model.report import Report
from router.composition.model.schema import Type, TypeKind

_KINDS: dict[TypeKind, str] = {
    "SCALAR": "a scalar",
    "OBJECT": "an object type",
    "INTERFACE": "an interface",
    "UNION": "a union",
    "ENUM": "an enum",
    "INPUT_OBJECT": "an input object",
}


def report(versions: Sequence[Source[Type]], to: Report, *, name: str) -> None:
    """Report a type whose versions are of different kinds."""
    kinds = wording.variants((version.subgraph.name, _kind(version.element)) for version in versions)
    to.error(
        Code.TYPE_KIND_MISMATCH,
        f'Type "{name}" is {kinds}: make it the same kind everywhere, or rename one of them.',
        subgraphs=names(versions),
        coordinates=[name],
        places=places(versions),
    )


def _kind(type_: Type) -> str:
    return "an interface object" if type_.has("interfaceObject") else _KINDS[type_.kind]
