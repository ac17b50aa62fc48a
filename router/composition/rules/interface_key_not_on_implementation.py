"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: the key of an interface is a key of each implementation in its subgraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.fieldset import unordered
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.model.uses import FieldSetUse, is_resolvable


def check(subgraph: Subgraph, report: Report) -> None:
    """Check every key of every interface against the implementations, save those whose own keys are wrong already."""
    interface_keys = [use for use in subgraph.facts.uses.keys if use.type.kind == "INTERFACE" and use.fit]
    if not interface_keys:
        return
    resolvable = _resolvable_keys(subgraph.facts.uses.keys)
    unfit = {use.type.name for use in subgraph.facts.uses.keys if not use.fit}
    for use in interface_keys:
        names = [name for name in subgraph.schema.possible(use.type.name) if name not in unfit]
        _check_key(use, names, resolvable, subgraph, report)


def _resolvable_keys(uses: Sequence[FieldSetUse]) -> dict[tuple[str, str], bool]:
    """The keys of all types, by type and fields, with whether the first of the same fields is resolvable."""
    found: dict[tuple[str, str], bool] = {}
    for use in uses:
        if use.fields is not None and use.fit:
            found.setdefault((use.type.name, unordered(use.fields)), is_resolvable(use.directive))
    return found


def _check_key(
    use: FieldSetUse,
    names: Sequence[str],
    resolvable: Mapping[tuple[str, str], bool],
    subgraph: Subgraph,
    report: Report,
) -> None:
    """Report the implementations `names` that lack the key of an interface."""
    fields = unordered(use.fields or "")
    missing = [name for name in names if (name, fields) not in resolvable]
    unresolvable = [name for name in names if is_resolvable(use.directive) and resolvable.get((name, fields)) is False]
    for found, problem in ((missing, "is missing on"), (unresolvable, "must be resolvable on")):
        if found:
            report.error(
                Code.INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
                f'[{subgraph.name}] Key {use.directive} of interface "{use.type.name}" {problem}'
                f" {wording.series(found)}: every implementation needs it.",
                coordinates=[use.type.name, *found],
                places=[use.directive.place, *(subgraph.schema.types[name].place for name in found)],
            )
