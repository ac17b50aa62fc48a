"""The names under which composed directives reach the supergraph: the one that all subgraphs applying them use."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report
from router.composition.spec.features import COMPOSED_FEATURES


def choose_names(subgraphs: Sequence[Subgraph], report: Report) -> dict[str, str]:
    """Canonical name → name in the supergraph, for every composed directive that some subgraph applies."""
    applied = {
        subgraph.name: {directive.name for element in subgraph.schema.elements() for directive in element.directives}
        | {directive.name for directive in subgraph.schema.directives}
        for subgraph in subgraphs
    }
    chosen: dict[str, str] = {}
    for name in (name for feature in COMPOSED_FEATURES for name in feature.directives):
        local = {s.name: s.names[name] for s in subgraphs if name in applied[s.name] and name in s.names}
        if len(set(local.values())) > 1:
            differences = wording.variants((subgraph, f'"@{used}"') for subgraph, used in local.items())
            report.error(
                Code.LINK_IMPORT_NAME_MISMATCH,
                f'The directive "@{name}" is imported under different names: it is {differences}. Use one name everywhere.',
                subgraphs=local,
                coordinates=[f"@{used}" for used in local.values()],
            )
        if local:
            chosen[name] = next(iter(local.values()))
    return chosen
