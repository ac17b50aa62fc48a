"""DIRECTIVE_COMPOSITION_WARN: a composed directive has another name in a subgraph that does not compose it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.report import Report


def hint(name: str, others: Sequence[tuple[str, str]], report: Report) -> None:
    """Tell who calls the directive something else; `others` are (subgraph, name there)."""
    called = wording.variants((subgraph, f'"{local}"') for subgraph, local in others)
    report.hint(
        HintCode.DIRECTIVE_COMPOSITION_WARN,
        f'The composed directive "@{name}" is {called}, which does not compose it. To be composed it needs one name.',
        subgraphs=[subgraph for subgraph, _ in others],
        coordinates=[f"@{name}"],
    )
