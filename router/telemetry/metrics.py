"""What the router measures: every metric's name and meaning in one place, on a registry of the application's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from copy import copy
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias, get_args

from prometheus_client import (
    CollectorRegistry,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from router.limits import ERROR_CODES_IN_METRICS_MAX
from router.telemetry.buckets import COSTS, SECONDS
from router.telemetry.caching import CacheTraffic
from router.telemetry.instruments import Counts, Distributions, Timed
from router.telemetry.streams import StreamsToClients
from router.telemetry.subgraphs import SubgraphTraffic
from router.telemetry.traffic import HttpTraffic, NamedOperations

if TYPE_CHECKING:
    from router.telemetry.tracing import Tracing

Stage: TypeAlias = Literal["parse", "validate", "authorize", "plan", "execute"]
Outcome: TypeAlias = Literal["ok", "errors", "refused"]
PersistedOutcome: TypeAlias = Literal["trusted", "registered", "missed", "unknown", "refused"]
RateLimitDecision: TypeAlias = Literal["allowed", "refused", "too_expensive", "measured"]
Engine: TypeAlias = Literal["interpreted", "compiled"]
Reload: TypeAlias = Literal["applied", "refused", "unchanged"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class PlansKept(Protocol):
    """A cache of plans, as far as it is measured."""

    @property
    def bytes_held(self) -> int: ...

    @property
    def forgotten(self) -> int: ...

    def __len__(self) -> int: ...


class Sources(Protocol):
    """Subscriptions on subgraphs, as far as they are measured."""

    @property
    def dropped(self) -> int: ...

    def __len__(self) -> int: ...


class Telemetry:
    """The metrics of one router application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, GCCollector, PlatformCollector):
            collector(registry=self.registry)  # process_*, python_gc_*, python_info: read when the metrics are
        self.http = HttpTraffic(self.registry)
        self.operations = NamedOperations(self.registry)
        self.subgraphs = SubgraphTraffic(self.registry)
        self.cache = CacheTraffic(self.registry)
        self.streams = StreamsToClients(self.registry)
        requests = self._counts(
            "router_requests",
            "Responses (each event of a subscription is one): without errors, with some, or a refusal",
            outcome=get_args(Outcome),
        )
        stages = self._distributions(
            "router_stage_seconds",
            "Time spent in a stage, where its outcome was not remembered from before",
            SECONDS,
            stage=get_args(Stage),
        )
        plans = self._counts("router_plan_cache", "Plans looked up", result=("hit", "miss"))
        engines = self._counts("router_executions", "Operations run", engine=get_args(Engine))
        self._reloads = self._counts("router_reloads", "Supergraphs or settings read again", outcome=())
        self._deopts = self._counts("router_deopts", "Compiled plans that gave up", reason=())
        self._persisted = self._counts(
            "router_persisted",
            "Operations sent by name: of a manifest, registered by a client, or missed; unknown texts, and refusals",
            outcome=get_args(PersistedOutcome),
        )
        self._rate_limit = self._counts(
            "router_rate_limit",
            "Operations by what the rate limit said; measured ones would have been refused",
            decision=get_args(RateLimitDecision),
        )
        self._rate_limit_local = self._gauge(
            "router_rate_limit_local", "1 while this process counts by itself, without Redis"
        )
        self._errors = self._counts("router_errors", "GraphQL errors sent to clients", code=())
        self.sockets = self._gauge("router_sockets", "WebSockets open")
        self.subscriptions = self._gauge("router_subscriptions", "Subscriptions running")
        self._sources = self._gauge("router_subgraph_subscriptions", "Open on subgraphs: one may serve many clients")
        self._events_dropped = self._gauge(
            "router_subgraph_events_dropped", "Events that came faster than a subscription could complete them"
        )
        self._cost_estimated = self._distributions(
            "cost_estimated", "What operations were estimated to cost", COSTS, result=()
        )
        self._cost_actual = self._distributions("cost_actual", "What answers have cost", COSTS, result=())
        self._cost_delta = self._distributions(
            "cost_delta",
            "By how much the estimate was above the actual cost; up to 0 are those that were too low",
            COSTS,
            result=(),
        )
        self._cost_unknown = self._counts("router_cost_unknown", "Operations from whose arguments no cost follows").of()
        # What every request needs is looked up once.
        self._requests = {outcome: requests.of(outcome) for outcome in get_args(Outcome)}
        self._stages = {stage: stages.of(stage) for stage in get_args(Stage)}
        self._engines = {engine: engines.of(engine) for engine in get_args(Engine)}
        self._plan_hits, self._plan_misses = plans.of("hit"), plans.of("miss")
        self._plans_kept = self._gauge("router_plans_kept", "Plans in the cache")
        self._plan_bytes = self._gauge("router_plans_kept_bytes", "What they are estimated to take")
        self._plans_forgotten = self._gauge("router_plans_forgotten", "Plans that had to make room for others")
        self._supergraph = self._gauge("router_supergraph_info", "1 for the supergraph that is served", "fingerprint")
        spans = self._counts("router_spans", "Spans by whether the collector took them", outcome=("sent", "failed"))
        self.spans_sent, self.spans_failed = spans.of("sent"), spans.of("failed")
        self.tracing: Tracing | None = None
        self._codes: set[str] = set()

    def traced(self, tracing: Tracing | None) -> Telemetry:
        """The same metrics, with stages that have spans, too."""
        view = copy(self)
        view.tracing = tracing
        return view

    def stage(self, stage: Stage) -> AbstractContextManager[None]:
        """Measure what is enclosed, be it awaited or not: `with telemetry.stage("plan"):`."""
        timed = Timed(self._stages[stage])
        return timed if self.tracing is None else self.tracing.stage(stage, timed)

    def answered(self, outcome: Outcome, errors: Sequence[dict[str, Any]]) -> None:
        """Count one answer and the codes of its errors."""
        self._requests[outcome].add()
        for error in errors:
            self._errors.of(self._code(error)).add()

    def watch_plans(self, plans: PlansKept) -> None:
        """Tell the size of this cache whenever the metrics are read."""
        self._plans_kept.set_function(lambda: len(plans))
        self._plan_bytes.set_function(lambda: plans.bytes_held)
        self._plans_forgotten.set_function(lambda: plans.forgotten)

    def watch_sources(self, sources: Sources) -> None:
        """Tell how many subscriptions are open on subgraphs whenever the metrics are read."""
        self._sources.set_function(lambda: len(sources))
        self._events_dropped.set_function(lambda: sources.dropped)

    def serves(self, fingerprint: str) -> None:
        """Tell which supergraph answers."""
        self._supergraph.clear()
        self._supergraph.labels(fingerprint[:12]).set(1)

    def persisted(self, outcome: PersistedOutcome) -> None:
        """Count an operation by what its name or text was to the lists of them."""
        self._persisted.of(outcome).add()

    def watch_rate_limit(self, is_local: Callable[[], bool]) -> None:
        """Tell whenever the metrics are read whether the rate limit is this process's own."""
        self._rate_limit_local.set_function(lambda: float(is_local()))

    def rate_limited(self, decision: RateLimitDecision) -> None:
        """Count an operation by what the rate limit said."""
        self._rate_limit.of(decision).add()

    def plan_looked_up(self, *, hit: bool) -> None:
        """Count a plan that was found or had to be made."""
        (self._plan_hits if hit else self._plan_misses).add()

    def executed(self, engine: Engine) -> None:
        """Count an operation by what ran it to its end."""
        self._engines[engine].add()

    def reloaded(self, outcome: Reload) -> None:
        """Count a reload."""
        self._reloads.of(outcome).add()

    def deopted(self, reason: str) -> None:
        """Count a compiled plan that left an operation to the interpreter, by what its reason says before any detail."""
        self._deopts.of(reason.partition(":")[0]).add()

    def cost_estimated(self, result: str, estimated: float) -> None:
        """Note what an operation was estimated to cost, and what came of that."""
        self._cost_estimated.of(result).observe(estimated)

    def cost_settled(self, result: str, estimated: float, actual: float) -> None:
        """Note what an operation has cost."""
        self._cost_actual.of(result).observe(actual)
        self._cost_delta.of(result).observe(estimated - actual)

    def cost_unknown(self) -> None:
        """Count an operation of unknown cost."""
        self._cost_unknown.add()

    def render(self) -> bytes:
        """The exposition text that Prometheus scrapes, of type `CONTENT_TYPE`."""
        return generate_latest(self.registry)

    def _counts(self, name: str, meaning: str, **label: Sequence[str]) -> Counts:
        """A counter with a label, zero for the values given."""
        counts = Counts(name, meaning, tuple(label), self.registry)
        for value in next(iter(label.values()), ()):
            counts.of(value)
        return counts

    def _distributions(self, name: str, meaning: str, bounds: Sequence[float], **label: Sequence[str]) -> Distributions:
        """A histogram with a label, empty for the values given."""
        distributions = Distributions(name, meaning, tuple(label), bounds=bounds, registry=self.registry)
        for value in next(iter(label.values()), ()):
            distributions.of(value)
        return distributions

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def _code(self, error: dict[str, Any]) -> str:
        code = str((error.get("extensions") or {}).get("code", "NONE"))
        if code not in self._codes and len(self._codes) >= ERROR_CODES_IN_METRICS_MAX:
            return "OTHER"
        self._codes.add(code)
        return code
