"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: the key of an interface is a key of each implementation in its subgraph."""

from __future__ import annotations

from router.composition import wording
from router.composition.codes import Code
from router.composition.merge.interfaces import is_resolvable
from router.composition.model.fieldset import FieldSetError, normalized
from router.composition.model.schema import Applied, Type
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report


def check(subgraph: Subgraph, report: Report) -> None:
    """Check every key of every interface against the implementations."""
    for type_ in subgraph.schema.types.values():
        if type_.kind == "INTERFACE":
            for key in type_.applied("key"):
                _check_key(type_, key, subgraph, report)


def _check_key(interface: Type, key: Applied, subgraph: Subgraph, report: Report) -> None:
    missing: list[str] = []
    unresolvable: list[str] = []
    for name in subgraph.schema.possible(interface.name):
        own = [k for k in subgraph.schema.types[name].applied("key") if _fields(k) == _fields(key)]
        if not own:
            missing.append(name)
        elif is_resolvable(key) and not any(is_resolvable(k) for k in own):
            unresolvable.append(name)
    for names, problem in ((missing, "is missing on"), (unresolvable, "must be resolvable on")):
        if names:
            report.error(
                Code.INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
                f'[{subgraph.name}] Key {key} of interface "{interface.name}" {problem} {wording.series(names)}.',
                coordinates=[interface.name, *names],
                places=[key.place],
            )


def _fields(key: Applied) -> str | None:
    try:
        return " ".join(sorted(normalized(key.string("fields") or "").split()))
    except FieldSetError:
        return None
