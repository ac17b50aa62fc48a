"""UNSUPPORTED_LINKED_FEATURE: what a schema links `for:` SECURITY or EXECUTION is known, or composed by the schema itself."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.spec.known import CORE_V1, find_specification


def check(subgraph: Subgraph, report: Report) -> None:
    """Report features that must be understood and are not; the link specification forbids to pass over them."""
    links = subgraph.links
    composed = {
        source[0].url.identity
        for application in subgraph.schema.directives
        if application.name == "composeDirective"
        and (source := links.source((application.string("name") or "").removeprefix("@"))) is not None
    }
    for feature in links.features.values():
        if feature.purpose is None or feature.url.identity in composed:
            continue
        if links.core.url == CORE_V1.url:
            problem = f"the core specification {CORE_V1.url.version}, which the schema goes by, has no `for:` yet"
        elif find_specification(feature.url) is None:
            problem = "nothing here understands it: remove the `for:` if it may be passed over"
        else:
            continue
        report.error(
            Code.UNSUPPORTED_LINKED_FEATURE,
            f'[{subgraph.name}] "{feature.url}" is linked for {feature.purpose}, but {problem}.',
            subgraphs=[subgraph.name],
            places=[links.place(feature.url.identity)],
        )
