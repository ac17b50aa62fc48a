"""Which headers make one run of a plan differ from another."""

from __future__ import annotations

from collections.abc import Hashable

from router.pipeline.handed_on import Planned
from router.transport.dedupe import told_apart
from router.transport.headers import Forwarded, HeadersBySubgraph


def told_apart_by(headers: Forwarded, planned: Planned) -> Hashable:
    """Those that go to any subgraph which the plan asks, but for what only names a call."""
    if not isinstance(headers, HeadersBySubgraph):
        return told_apart(headers)
    asked = sorted({fetch.subgraph for fetch in planned.executable.prepared.plan.fetches})
    return tuple((subgraph, told_apart(headers.of(subgraph))) for subgraph in asked)
