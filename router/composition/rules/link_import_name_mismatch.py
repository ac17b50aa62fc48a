"""LINK_IMPORT_NAME_MISMATCH: a directive that is carried to the supergraph has one name in all subgraphs that apply it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report


def check(name: str, local: Sequence[tuple[str, str]], report: Report, *, places: Sequence[Place | None]) -> bool:
    """Report a directive with several names; whether it has one. `local` are (subgraph, what it is called there)."""
    if len({used for _, used in local}) <= 1:
        return True
    differences = wording.variants((subgraph, f'"@{used}"') for subgraph, used in local)
    report.error(
        Code.LINK_IMPORT_NAME_MISMATCH,
        f'The directive "@{name}" goes by different names: it is {differences}. Import it under one name everywhere.',
        subgraphs=[subgraph for subgraph, _ in local],
        coordinates=[f"@{used}" for _, used in local],
        places=places,
    )
    return False
