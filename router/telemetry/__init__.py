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

__all__ = [
    "CONTENT_TYPE",
    "Engine",
    "Outcome",
    "PersistedOutcome",
    "PlansKept",
    "RateLimitDecision",
    "Reload",
    "Stage",
    "Telemetry",
]
