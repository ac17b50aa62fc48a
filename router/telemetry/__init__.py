"""What the router tells of itself: metrics, traces and the log of requests."""

from router.telemetry.metrics import (
    CONTENT_TYPE,
    Engine,
    Outcome,
    PersistedOutcome,
    PlansKept,
    RateLimitDecision,
    Reload,
    Stage,
    Telemetry,
)
from router.telemetry.subgraphs import Circuit, Retry, SubgraphTraffic

__all__ = [
    "CONTENT_TYPE",
    "Circuit",
    "Engine",
    "Outcome",
    "PersistedOutcome",
    "PlansKept",
    "RateLimitDecision",
    "Reload",
    "Retry",
    "Stage",
    "SubgraphTraffic",
    "Telemetry",
]
