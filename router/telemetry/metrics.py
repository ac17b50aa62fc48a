"""What the router measures: every metric's name and meaning in one place, on a registry of the application's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final, Literal, Protocol, TypeAlias, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from router.limits import ERROR_CODES_IN_METRICS_MAX

Stage: TypeAlias = Literal["parse", "validate", "authorize", "plan", "execute"]
Outcome: TypeAlias = Literal["ok", "errors", "refused"]
PersistedOutcome: TypeAlias = Literal["trusted", "registered", "missed", "unknown", "refused"]
RateLimitDecision: TypeAlias = Literal["allowed", "refused", "too_expensive", "measured"]
Engine: TypeAlias = Literal["interpreted", "compiled"]
Reload: TypeAlias = Literal["applied", "refused", "unchanged"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
)
_COSTS: Final = (0, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 100_000, 1_000_000)


class PlansKept(Protocol):
    """A cache of plans, as far as it is measured."""

    @property
    def bytes_held(self) -> int: ...

    @property
    def forgotten(self) -> int: ...

    def __len__(self) -> int: ...


class Telemetry:
    """The metrics of one router application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        requests = Counter(
            "router_requests",
            "Responses (each event of a subscription is one): without errors, with some, or a refusal",
            ["outcome"],
            registry=self.registry,
        )
        stages = Histogram(
            "router_stage_seconds",
            "Time spent in a stage, where its outcome was not remembered from before",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        plans = Counter("router_plan_cache", "Plans looked up", ["result"], registry=self.registry)
        engines = Counter("router_executions", "Operations run", ["engine"], registry=self.registry)
        self._reloads = Counter(
            "router_reloads", "Supergraphs or settings read again", ["outcome"], registry=self.registry
        )
        self._deopts = Counter("router_deopts", "Compiled plans that gave up", ["reason"], registry=self.registry)
        persisted = Counter(
            "router_persisted",
            "Operations sent by name: of a manifest, registered by a client, or missed; unknown texts, and refusals",
            ["outcome"],
            registry=self.registry,
        )
        self._persisted = {outcome: persisted.labels(outcome) for outcome in get_args(PersistedOutcome)}
        rate_limit = Counter(
            "router_rate_limit",
            "Operations by what the rate limit said; measured ones would have been refused",
            ["decision"],
            registry=self.registry,
        )
        self._rate_limit = {decision: rate_limit.labels(decision) for decision in get_args(RateLimitDecision)}
        self._rate_limit_local = Gauge(
            "router_rate_limit_local", "1 while this process counts by itself, without Redis", registry=self.registry
        )
        self._errors = Counter("router_errors", "GraphQL errors sent to clients", ["code"], registry=self.registry)
        self.sockets = Gauge("router_sockets", "WebSockets open", registry=self.registry)
        self.subscriptions = Gauge("router_subscriptions", "Subscriptions running", registry=self.registry)
        self._cost_estimated = Histogram(
            "cost_estimated",
            "What operations were estimated to cost",
            ["result"],
            buckets=_COSTS,
            registry=self.registry,
        )
        self._cost_actual = Histogram(
            "cost_actual", "What answers have cost", ["result"], buckets=_COSTS, registry=self.registry
        )
        self._cost_delta = Histogram(
            "cost_delta",
            "By how much the estimate was above the actual cost; up to 0 are those that were too low",
            ["result"],
            buckets=_COSTS,
            registry=self.registry,
        )
        self._cost_unknown = Counter(
            "router_cost_unknown", "Operations from whose arguments no cost follows", registry=self.registry
        )
        # Label children are looked up once: `labels()` costs more than the measurement itself.
        self._requests = {outcome: requests.labels(outcome) for outcome in get_args(Outcome)}
        self._stages = {stage: stages.labels(stage) for stage in get_args(Stage)}
        self._engines = {engine: engines.labels(engine) for engine in get_args(Engine)}
        self._plan_hits, self._plan_misses = plans.labels("hit"), plans.labels("miss")
        self._plans_kept = Gauge("router_plans_kept", "Plans in the cache", registry=self.registry)
        self._plan_bytes = Gauge("router_plans_kept_bytes", "What they are estimated to take", registry=self.registry)
        self._plans_forgotten = Gauge(
            "router_plans_forgotten", "Plans that had to make room for others", registry=self.registry
        )
        self._codes: set[str] = set()

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Measure the enclosed work, be it awaited or not."""
        started_at = perf_counter()
        try:
            yield
        finally:
            self._stages[stage].observe(perf_counter() - started_at)

    def answered(self, outcome: Outcome, errors: Sequence[dict[str, Any]]) -> None:
        """Count one answer and the codes of its errors."""
        self._requests[outcome].inc()
        for error in errors:
            self._errors.labels(self._code(error)).inc()

    def watch_plans(self, plans: PlansKept) -> None:
        """Tell the size of this cache whenever the metrics are read."""
        self._plans_kept.set_function(lambda: len(plans))
        self._plan_bytes.set_function(lambda: plans.bytes_held)
        self._plans_forgotten.set_function(lambda: plans.forgotten)

    def persisted(self, outcome: PersistedOutcome) -> None:
        """Count an operation by what its name or text was to the lists of them."""
        self._persisted[outcome].inc()

    def watch_rate_limit(self, is_local: Callable[[], bool]) -> None:
        """Tell whenever the metrics are read whether the rate limit is this process's own."""
        self._rate_limit_local.set_function(lambda: float(is_local()))

    def rate_limited(self, decision: RateLimitDecision) -> None:
        """Count an operation by what the rate limit said."""
        self._rate_limit[decision].inc()

    def plan_looked_up(self, *, hit: bool) -> None:
        """Count a plan that was found or had to be made."""
        (self._plan_hits if hit else self._plan_misses).inc()

    def executed(self, engine: Engine) -> None:
        """Count an operation by what ran it to its end."""
        self._engines[engine].inc()

    def reloaded(self, outcome: Reload) -> None:
        """Count a reload."""
        self._reloads.labels(outcome).inc()

    def deopted(self, reason: str) -> None:
        """Count a compiled plan that left an operation to the interpreter, by what its reason says before any detail."""
        self._deopts.labels(reason.partition(":")[0]).inc()

    def cost_estimated(self, result: str, estimated: float) -> None:
        """Note what an operation was estimated to cost, and what came of that."""
        self._cost_estimated.labels(result).observe(estimated)

    def cost_settled(self, result: str, estimated: float, actual: float) -> None:
        """Note what an operation has cost."""
        self._cost_actual.labels(result).observe(actual)
        self._cost_delta.labels(result).observe(estimated - actual)

    def cost_unknown(self) -> None:
        """Count an operation of unknown cost."""
        self._cost_unknown.inc()

    def render(self) -> bytes:
        """The exposition text that Prometheus scrapes, of type `CONTENT_TYPE`."""
        return generate_latest(self.registry)

    def _code(self, error: dict[str, Any]) -> str:
        code = str((error.get("extensions") or {}).get("code", "NONE"))
        if code not in self._codes and len(self._codes) >= ERROR_CODES_IN_METRICS_MAX:
            return "OTHER"
        self._codes.add(code)
        return code
