"""Tells the client, and whatever keeps answers on the way to it, for how long the answer to a query holds."""

from __future__ import annotations

from router.caching import Freshness
from router.exchange import ClientRequest
from router.executor import ExecutionResult
from router.pipeline.handed_on import Planned
from router.pipeline.passing_on import CACHE_CONTROL
from router.pipeline.state import RouterState
from router.security.caller import View


def tell_freshness(
    freshness: Freshness, result: ExecutionResult, planned: Planned, *, request: ClientRequest, router: RouterState
) -> None:
    """Add it to the reply, unless a rule for headers has said something. An answer with errors may be kept by nobody.

    What is private varies by whoever asks: one browser may have several users, one after the other.
    What a caller sees by who it is (plans by their rights, plugins) is not for others, even if every part of it were.
    """
    if router.cache is None or not router.cache.settings.tell_clients or result.errors or planned.denials:
        return
    for_all = planned.key.view == View() and not router.hooks.on_subgraphs
    header = freshness.header(for_all=for_all)
    headers = request.reply.headers
    if header is None or CACHE_CONTROL in headers:
        return
    headers[CACHE_CONTROL] = header
    if header.startswith("private"):
        headers["vary"] = ", ".join(sorted({*router.cache.settings.identity_headers, *freshness.names}))
