"""INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: a subgraph that resolves an interface by key knows every type it may turn out to be."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Type
from router.composition.model.uses import is_resolvable


def check(interface: Source[Type], implementations: Sequence[str], merging: Merging) -> None:
    """Report a subgraph with a resolvable key on an interface that lacks some of the supergraph's implementations."""
    key = next((key for key in interface.element.applied("key") if is_resolvable(key)), None)
    if key is None:
        return
    name = interface.element.name
    known = set(interface.subgraph.schema.possible(name))
    missing = [implementation for implementation in implementations if implementation not in known]
    if missing:
        merging.report.error(
            Code.INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE,
            f'[{interface.subgraph.name}] Interface "{name}" has a resolvable key ({key}), so its subgraph must'
            f" define every implementation of the supergraph. Missing: {wording.series(missing)}.",
            coordinates=[name],
            places=[key.place],
        )
