"""DIRECTIVE_COMPOSITION_INFO: a @composeDirective that changes nothing, or a specification of several major versions."""

from __future__ import annotations

from collections.abc import Iterable

from router.composition import wording
from router.composition.hints import HintCode
from router.composition.model.report import Report


def hint_default(name: str, report: Report, *, subgraph: str) -> None:
    """Tell that federation carries the directive anyway."""
    report.hint(
        HintCode.DIRECTIVE_COMPOSITION_INFO,
        f'[{subgraph}] The directive "@{name}" is one of federation\'s that reach the supergraph anyway:'
        " its @composeDirective can go.",
        subgraphs=[subgraph],
        coordinates=[f"@{name}"],
    )


def hint_versions(identity: str, versions: Iterable[tuple[str, str]], report: Report) -> None:
    """Tell that the subgraphs mean different things by a specification, some of which are not composed."""
    pairs = list(versions)
    report.hint(
        HintCode.DIRECTIVE_COMPOSITION_INFO,
        f'The major versions of "{identity}" differ: it is {wording.variants(pairs)}. They could not be composed together.',
        subgraphs=[subgraph for subgraph, _ in pairs],
    )
