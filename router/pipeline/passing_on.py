"""What reaches the client of the headers, extensions and statuses of the subgraphs' answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from router.config.pass_through import ExtensionMerging
from router.exchange import ClientRequest
from router.executor import ExecutionResult
from router.headers.cache_control import NO_STORE
from router.pipeline.state import RouterState
from router.transport.arrivals import Arrival, Arrivals

CACHE_CONTROL = "cache-control"


def pass_on(arrivals: Arrivals, result: ExecutionResult, *, request: ClientRequest, router: RouterState) -> None:
    """Add it to the reply. An answer with errors, or from a mutation, may be kept by nobody."""
    arrived = arrivals.in_order()
    reply = request.reply
    told = router.response_headers.of(arrived)
    reply.headers.update(told.headers)
    reply.cookies += told.cookies
    if result.errors and CACHE_CONTROL in told.headers:
        reply.headers[CACHE_CONTROL] = NO_STORE
    for name, value in merged_extensions(arrived, router.pass_through.extensions).items():
        reply.extensions.setdefault(name, value)
    reply.status = _status(arrived, router.pass_through.statuses)


def merged_extensions(arrived: Sequence[Arrival], merging: ExtensionMerging) -> Mapping[str, Any]:
    """The members of all answers' extensions."""
    merged: dict[str, Any] = {}
    for arrival in arrived if merging != "off" else ():
        for name, value in arrival.extensions.items():
            if name not in merged or merging == "last":
                merged[name] = value
            elif merging == "merge":
                merged[name] = _joined(merged[name], value)
    return merged


def _joined(earlier: Any, later: Any) -> Any:
    """Both in one; without changing either, for others may have them too."""
    if not isinstance(earlier, dict) or not isinstance(later, dict):
        return later
    both = {name: _joined(earlier[name], later[name]) for name in earlier.keys() & later.keys()}
    return {**earlier, **later, **both}


def _status(arrived: Sequence[Arrival], wanted: Sequence[int]) -> int:
    came = {arrival.status for arrival in arrived}
    return next((status for status in wanted if status in came), 200)
