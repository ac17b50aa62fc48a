"""Makes a gate: everything that answers requests by one configuration and one supergraph.

`assemble` is the table of contents; each of the other modules makes one thing from its settings. `Parts` decides what the gate
before hands on.
"""

from __future__ import annotations

from collections.abc import Collection

from router.assembly.authentication import authenticator
from router.assembly.authorization import check_protection, policies
from router.assembly.caching import response_cache
from router.assembly.costs import costing
from router.assembly.given import Given
from router.assembly.observation import observation
from router.assembly.shared import persisted_operations, rate_limiter, redis_link
from router.assembly.subgraphs import addresses, transport
from router.assembly.supergraphs import read_supergraph
from router.assembly.traffic import check_names, tellers_of_cookies
from router.config import RouterConfig
from router.edge.gate import Gate
from router.exchange import ClientRequest
from router.headers import RequestHeaders, ResponseHeaders
from router.masking import Masking
from router.parts import Parts
from router.persisted.manifest import TrustedDocument
from router.pipeline import LabelSource, RouterState
from router.plugins import Hooks, load_plugins
from router.supergraph import Supergraph

__all__ = ["Given", "assemble", "read_supergraph"]


def assemble(
    config: RouterConfig,
    supergraph: Supergraph,
    *,
    given: Given,
    documents: tuple[TrustedDocument, ...] = (),
    before: Gate | None = None,
    parts: Parts | None = None,
) -> Gate:
    """The gate for this configuration and supergraph; what may outlive `before` is taken over from it.

    Who has to let go of what a failure leaves behind brings the `parts` to make it of, which know those of `before`.

    Raises:
        ConfigError: a subgraph's URL, a key file or another setting cannot be used. Nothing of `before` was touched.
    """
    check_names(config, supergraph)
    parts = parts or Parts(before.parts if before is not None else None)
    telemetry = observation(config, parts)
    link = redis_link(config, parts)
    authenticate = authenticator(config, given=given, parts=parts)
    router = RouterState(
        supergraph,
        transport(supergraph, config, given=given, parts=parts, telemetry=telemetry),
        telemetry=telemetry,
        labels=_label_source(config, given.override_labels),
        hooks=parts.take("plugins", config.plugins, lambda: Hooks([*given.plugins, *load_plugins(config.plugins)])),
        persisted=persisted_operations(config, link, documents=documents, parts=parts, telemetry=telemetry),
        costing=costing(config, supergraph),
        rate_limiter=rate_limiter(config, link, parts=parts, telemetry=telemetry),
        cache=response_cache(config, supergraph, parts=parts, telemetry=telemetry),
        bounds=config.limits,
        defer=config.defer,
        address=addresses(supergraph, config, given=given),
        shares_queries=config.traffic.dedupe_client_requests and not tellers_of_cookies(config, supergraph),
        authorizing=config.authorization,
        policies=policies(config, given),
        request_headers=RequestHeaders(config.headers),
        response_headers=ResponseHeaders(config.headers),
        pass_through=config.pass_through,
        masking=Masking(config.errors),
        request_timeout_s=config.timeouts.request_s,
    )
    check_protection(router, config, before=before)
    return Gate(router, authenticate, config, parts.settled())


def _label_source(config: RouterConfig, given: LabelSource) -> LabelSource:
    async def labels(request: ClientRequest) -> Collection[str]:
        return {*config.override_labels, *await given(request)}

    return labels
