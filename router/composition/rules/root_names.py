"""What ROOT_QUERY_USED, ROOT_MUTATION_USED and ROOT_SUBSCRIPTION_USED have in common: roots get their standard names."""

from __future__ import annotations

from collections.abc import Iterable

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report


def report_used(
    code: Code, standard: str, root: str, found: Report, *, subgraph: str, places: Iterable[Place | None]
) -> None:
    """Report a type that bears the name which the root gets in the supergraph."""
    found.error(
        code,
        f'[{subgraph}] "{root}" is the {standard.lower()} root and will be called "{standard}", but there is another type of'
        f" that name: rename that type, or make it the root in `schema {{ {standard.lower()}: {standard} }}`.",
        coordinates=[standard],
        places=places,
    )
