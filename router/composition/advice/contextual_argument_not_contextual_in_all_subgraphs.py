"""CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS: only some subgraphs take an argument from a context; clients cannot give it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Argument


def hint(
    contextual: Sequence[Source[Argument]], plain: Sequence[Source[Argument]], merging: Merging, *, coordinate: str
) -> None:
    """Tell of an optional argument that the supergraph leaves out."""
    merging.report.hint(
        HintCode.CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS,
        f'Argument "{coordinate}" is taken from a context in {wording.subgraphs(names(contextual))}: the supergraph leaves it'
        f" out, and {wording.subgraphs(names(plain))} will never be given it.",
        subgraphs=[*names(contextual), *names(plain)],
        coordinates=[coordinate],
    )
