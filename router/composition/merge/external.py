"""Whether what a subgraph declares of an external field agrees with those who resolve it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.merge.references import covers
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Argument, Field, value_key
from router.composition.rules import (
    external_argument_default_mismatch,
    external_argument_missing,
    external_argument_type_mismatch,
    external_type_mismatch,
)


def check_external_declarations(
    merged: Field, sources: Sequence[Source[Field]], merging: Merging, *, equal: bool
) -> None:
    """Report external declarations whose type or arguments contradict the merged field."""
    external = [s for s in sources if s.element.coordinate in s.subgraph.facts.external]

    def type_fits(field: Field) -> bool:
        return field.type == merged.type or (not equal and covers(merging, merged.type, field.type))

    if not all(type_fits(source.element) for source in external):
        external_type_mismatch.report(sources, merging, coordinate=merged.coordinate)
    for argument in merged.arguments.values():
        _check_argument(argument, external, sources, merging)


def _check_argument(
    argument: Argument,
    external: Sequence[Source[Field]],
    sources: Sequence[Source[Field]],
    merging: Merging,
) -> None:
    declared = [found for source in external if (found := source.element.arguments.get(argument.name)) is not None]
    if len(declared) < len(external):
        external_argument_missing.report(argument, sources, merging)
    if any(found.type != argument.type and not covers(merging, found.type, argument.type) for found in declared):
        external_argument_type_mismatch.report(argument, sources, merging)
    if any(_default_key(found) != _default_key(argument) for found in declared):
        external_argument_default_mismatch.report(argument, sources, merging)


def _default_key(argument: Argument) -> str | None:
    return None if argument.default is None else value_key(argument.default)
