"""Into which buckets values are sorted."""

from __future__ import annotations

from typing import Final

SECONDS: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025),
    *(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
"""OpenTelemetry's advice for HTTP begins at 5 ms, by which most requests of a router are over: so these begin earlier."""

COSTS: Final = (0, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 100_000, 1_000_000)
