"""One supergraph being served: what its requests share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import TypeAlias

from graphql import DocumentNode

from router import limits
from router.caching import CachingTransport, Freshness, ResponseCache
from router.config import DeferSettings
from router.config.authorization import AuthorizationSettings
from router.config.limits import LimitSettings
from router.config.pass_through import PassThrough
from router.cost import Account, Costing
from router.exchange import ClientRequest
from router.executor import Executable
from router.headers import RequestHeaders, ResponseHeaders
from router.lru import Lru
from router.masking import Masking
from router.persisted.resolver import PersistedOperations
from router.pipeline.handed_on import Allowed, Checked, Performed, PlanKey, RunKey
from router.plans import PlanCache
from router.plugins import HookedTransport, Hooks
from router.ratelimit.limiter import RateLimiter
from router.security.authorization import Authorization
from router.security.policies import Policies
from router.sharing import Sharing
from router.subscriptions import Address
from router.supergraph.model import Supergraph
from router.telemetry import Telemetry
from router.transport.arrivals import Arrivals
from router.transport.base import Transport
from router.transport.timed import TimedTransport, Timings

LabelSource: TypeAlias = Callable[[ClientRequest], Awaitable[Collection[str]]]
"""Says which override labels are true for a request; those it does not know or name are decided by their own rule."""


async def nobody_sets_labels(request: ClientRequest) -> Collection[str]:  # noqa: ARG001 - a LabelSource
    """The source of a router that was given none: only `percent(n)` labels can be true."""
    return ()


def _anywhere(subgraph: str) -> None:
    """Of a router whose transport leads to one place for each subgraph."""


@dataclass(slots=True)
class RouterState:
    """One supergraph being served: what its requests share. The caches belong to the event loop that serves it."""

    supergraph: Supergraph
    transport: Transport
    telemetry: Telemetry = field(default_factory=Telemetry)
    labels: LabelSource = nobody_sets_labels
    hooks: Hooks = field(default_factory=Hooks)
    persisted: PersistedOperations = field(default_factory=PersistedOperations)
    rate_limiter: RateLimiter | None = None
    cache: ResponseCache | None = None
    bounds: LimitSettings = field(default_factory=LimitSettings)
    dice: Random = field(default_factory=SystemRandom)
    address: Address = _anywhere
    defer: DeferSettings = field(default_factory=DeferSettings)
    costing: Costing | None = None  # where nobody minds what operations cost
    costing_for_people: Costing | None = field(default=None, init=False)  # made when one asks for a query plan
    shares_queries: bool = False  # equal queries of clients that are under way together run once
    request_headers: RequestHeaders = field(default_factory=RequestHeaders)
    response_headers: ResponseHeaders = field(default_factory=ResponseHeaders)
    pass_through: PassThrough = field(default_factory=PassThrough)
    masking: Masking = field(default_factory=Masking)
    request_timeout_s: float | None = None
    authorizing: AuthorizationSettings = field(default_factory=AuthorizationSettings)
    policies: Policies = field(default_factory=Policies)
    authorization: Authorization = field(init=False)
    documents: Lru[str, DocumentNode] = field(init=False)
    checked: Lru[tuple[str, str | None], Checked] = field(init=False)
    allowed: Lru[PlanKey, Allowed] = field(init=False)
    policies_met: Lru[PlanKey, frozenset[str]] = field(init=False)
    plans: PlanCache[PlanKey, Executable] = field(init=False)
    running: Sharing[RunKey, Performed] = field(init=False)
    _passes_on: bool = field(init=False)

    def __post_init__(self) -> None:
        self.authorization = Authorization(self.supergraph.full, dry_run=self.authorizing.dry_run)
        # Weighed by the length of the text that each value was made from.
        self.documents = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.checked = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.allowed = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.policies_met = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.plans = PlanCache(lambda executable: executable.size)
        shared = self.telemetry.subgraphs.shared("clients")
        self.running = Sharing(led=shared.leader.add, joined=shared.joiner.add, slack_s=limits.SHARED_UNTIL_S)
        self._passes_on = bool(self.response_headers) or self.pass_through != PassThrough()
        self.telemetry.watch_plans(self.plans)

    def deadline(self) -> float | None:
        """The time of the event loop by which an operation that begins now is to be answered."""
        return None if self.request_timeout_s is None else asyncio.get_running_loop().time() + self.request_timeout_s

    def arrivals(self) -> Arrivals | None:
        """Where the answers of one request are noted; None where nothing of them is passed on."""
        return Arrivals(with_extensions=self.pass_through.extensions != "off") if self._passes_on else None

    def freshness(self, kind: str) -> Freshness | None:
        """What learns for how long an answer holds; None where nothing is kept, and for what must see the present state."""
        return Freshness() if self.cache is not None and kind == "query" else None

    def transport_for(
        self,
        request: ClientRequest,
        account: Account | None = None,
        freshness: Freshness | None = None,
        timings: Timings | None = None,
    ) -> Transport:
        """The way to the subgraphs for one client's request: by the plugins, where some want to see, by its account, by the
        cache, where its freshness is minded, and by the clock, where its client asked to see the times."""
        shared = self.transport
        if self.cache is not None and freshness is not None:
            shared = CachingTransport(shared, self.cache, request.caller, freshness)
        hooked = HookedTransport(shared, self.hooks, request) if self.hooks.on_subgraphs else shared
        accounted = hooked if account is None else account.transport(hooked)
        return accounted if timings is None else TimedTransport(accounted, timings)
