"""The executor's landing functions: what happens to a query plan, in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Any

from router.errors import SubgraphFailure
from router.executor.drive import drive
from router.executor.execution import ExecutionResult
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared
from router.executor.requests import client_variables, request_body
from router.plan import QueryPlan
from router.supergraph.model import Supergraph
from router.transport.base import SubgraphRequest, Transport


async def execute(
    plan: QueryPlan,
    *,
    supergraph: Supergraph,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Mapping[str, str] = {},
    denied: Sequence[tuple[str, ...]] = (),
) -> ExecutionResult:
    """Run the plan of a query or mutation.

    `variables` are coerced and defaulted, those the client left out are absent; `headers` are sent to every subgraph;
    `denied` are client paths ("@" for a list level) whose authorization errors the caller reports, so that their nulls need no
    error here. Subgraph errors and failures are part of the result. Cancelling the call cancels every fetch.
    """
    return await drive(Interpreted(Prepared(plan, supergraph), variables, denied), transport, headers)


async def subscribe(
    plan: QueryPlan,
    *,
    supergraph: Supergraph,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Mapping[str, str] = {},
    denied: Sequence[tuple[str, ...]] = (),
) -> AsyncIterator[ExecutionResult]:
    """Run the plan of a subscription: one result per event of its first fetch, completed by the other fetches.

    The next event is taken once the last result is consumed. A failing source yields one result with `data` None and its error,
    then the stream ends. Closing the iterator closes the subscription at the subgraph. Arguments as for `execute`.
    """
    prepared = Prepared(plan, supergraph)
    if not plan.fetches:  # the root field is denied: there is nothing to listen to
        yield await drive(Interpreted(prepared, variables, denied), transport, headers)
        return
    source = plan.fetches[0]
    body = request_body(prepared.heads[source.id], client_variables(source, variables))
    events = transport.subscribe(SubgraphRequest(source.subgraph, body, headers))
    try:
        async for event in events:
            yield await drive(Interpreted(prepared, variables, denied, event), transport, headers)
    except SubgraphFailure as failure:
        told = await drive(Interpreted(prepared, variables, denied, failure), transport, headers)
        yield ExecutionResult.of(None, told.errors)
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()
