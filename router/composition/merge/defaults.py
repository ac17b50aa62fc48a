"""Default values of arguments and input fields: kept where all agree, dropped where some have none, an error where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from graphql import ValueNode

from router.composition.advice import inconsistent_default_value_presence
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Argument, Field, value_key
from router.composition.rules import field_argument_default_mismatch, input_field_default_mismatch

T = TypeVar("T", Argument, Field)


def merge_argument_default(sources: Sequence[Source[Argument]], merging: Merging) -> ValueNode | None:
    """The default that the supergraph states for an argument."""
    return _merge_default(sources, merging, field_argument_default_mismatch.report)


def merge_input_field_default(sources: Sequence[Source[Field]], merging: Merging) -> ValueNode | None:
    """The default that the supergraph states for an input field."""
    return _merge_default(sources, merging, input_field_default_mismatch.report)


def _merge_default(
    sources: Sequence[Source[T]],
    merging: Merging,
    report_mismatch: Callable[[Sequence[Source[T]], Merging], None],
) -> ValueNode | None:
    """Each subgraph applies its own default anyway, so stating none is always safe."""
    given = [default for source in sources if (default := source.element.default) is not None]
    if not given:
        return None
    if len({value_key(default) for default in given}) > 1:
        report_mismatch(sources, merging)
    elif len(given) < len(sources):
        inconsistent_default_value_presence.hint(sources, merging)
        return None
    return given[0]
