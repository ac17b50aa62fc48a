"""Makes a gate: everything that answers requests by one configuration and one supergraph.

`assemble` is the table of contents; each of the other modules makes one thing from its settings. `Parts` decides what the gate
before hands on.
"""

from __future__ import annotations

from collections.abc import Collection

from router.assembly.authentication import authenticator
from router.assembly.given import Given
from router.assembly.subgraphs import transport
from router.assembly.supergraphs import read_supergraph
from router.config import RouterConfig
from router.edge.gate import Gate
from router.exchange import ClientRequest
from router.parts import Parts
from router.pipeline import LabelSource, RouterState
from router.supergraph import Supergraph
from router.telemetry import Telemetry

__all__ = ["Given", "assemble", "read_supergraph"]


def assemble(config: RouterConfig, supergraph: Supergraph, *, given: Given, before: Gate | None = None) -> Gate:
    """The gate for this configuration and supergraph; what may outlive `before` is taken over from it.

    Raises:
        ConfigError: a subgraph's URL, a key file or another setting cannot be used. Nothing of `before` was touched.
    """
    parts = Parts(before.parts if before is not None else None)
    authenticate = authenticator(config, given=given, parts=parts)
    router = RouterState(
        supergraph,
        transport(supergraph, config, given=given, parts=parts),
        telemetry=parts.take("telemetry", None, Telemetry),
        labels=_label_source(config, given.override_labels),
        shares_queries=config.traffic.dedupe_client_requests,
    )
    return Gate(router, authenticate, config, parts.settled())


def _label_source(config: RouterConfig, given: LabelSource) -> LabelSource:
    async def labels(request: ClientRequest) -> Collection[str]:
        return {*config.override_labels, *await given(request)}

    return labels
