"""The executor's landing functions: what happens to a query plan, in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping, Sequence
from typing import Any

from router.errors import SubgraphFailure
from router.executor.compiled import compile_plan
from router.executor.drive import drive
from router.executor.executable import Executable, Watch
from router.executor.execution import ExecutionResult
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared
from router.executor.requests import client_variables, request_body
from router.plan import QueryPlan
from router.supergraph.model import Supergraph
from router.transport.base import SubgraphRequest, SubgraphResponse, Transport
from router.transport.headers import NO_HEADERS, Forwarded, headers_to


def prepare(plan: QueryPlan, supergraph: Supergraph) -> Executable:
    """A plan ready for many runs, to be kept with the plan."""
    return Executable(Prepared(plan, supergraph), compile_plan)


def perform(
    executable: Executable,
    *,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Forwarded = NO_HEADERS,
    denied: Sequence[tuple[str, ...]] = (),
    deadline: float | None = None,
    watch: Watch | None = None,
) -> Awaitable[ExecutionResult]:
    """Run a query or mutation.

    `variables` are coerced and defaulted, those the client left out are absent; `headers` go along to the subgraphs. After
    `deadline`, a time of the event loop, none is asked and none waited for. `denied` are client paths ("@" for a list level) whose
    authorization errors the caller reports, so that their nulls need no error here. Subgraph errors and failures are part of the
    result. Cancelling the call cancels every fetch.
    """
    return drive(executable.execution(variables, denied, watch), transport, headers, deadline)


async def listen(
    executable: Executable,
    *,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Forwarded = NO_HEADERS,
    denied: Sequence[tuple[str, ...]] = (),
) -> AsyncIterator[ExecutionResult]:
    """Run a subscription: one result per event of the plan's first fetch, completed by the other fetches.

    The next event is taken once the last result is consumed. A failing source yields one result with `data` None and its error,
    then the stream ends. Closing the iterator closes the subscription at the subgraph. Arguments as for `perform`.
    """
    told: dict[str, Any] = {"variables": variables, "transport": transport, "headers": headers, "denied": denied}
    source = source_of(executable, variables=variables, headers=headers)
    if source is None:
        yield await complete(executable, None, **told)
        return
    events = transport.subscribe(source)
    try:
        async for event in events:
            yield await complete(executable, event, **told)
    except SubgraphFailure as failure:
        yield await complete(executable, failure, **told)
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


def source_of(
    executable: Executable, *, variables: Mapping[str, Any], headers: Forwarded = NO_HEADERS
) -> SubgraphRequest | None:
    """What a subscription listens to. None where its root field is denied: there is nothing to listen to."""
    prepared = executable.prepared
    if not prepared.plan.fetches:
        return None
    source = prepared.plan.fetches[0]
    body = request_body(prepared.heads[source.id], client_variables(source, variables))
    return SubgraphRequest(source.subgraph, body, headers_to(source.subgraph, headers), fetch=source.id)


async def complete(
    executable: Executable,
    event: SubgraphResponse | SubgraphFailure | None,
    *,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Forwarded = NO_HEADERS,
    denied: Sequence[tuple[str, ...]] = (),
    deadline: float | None = None,
) -> ExecutionResult:
    """The result for one event of a subscription's source: what it brings, completed by the plan's other fetches.

    A source that failed makes a result without data, which is the last. No event is for a plan without a source.
    """
    run = Interpreted(executable.prepared, variables, denied, event)
    result = await drive(run, transport, headers, deadline)
    return ExecutionResult.of(None, result.errors) if isinstance(event, SubgraphFailure) else result


async def execute(
    plan: QueryPlan,
    *,
    supergraph: Supergraph,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Forwarded = NO_HEADERS,
    denied: Sequence[tuple[str, ...]] = (),
) -> ExecutionResult:
    """Run the plan of a query or mutation this once; arguments as for `perform`."""
    executable = prepare(plan, supergraph)
    return await perform(executable, variables=variables, transport=transport, headers=headers, denied=denied)


def subscribe(
    plan: QueryPlan,
    *,
    supergraph: Supergraph,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Forwarded = NO_HEADERS,
    denied: Sequence[tuple[str, ...]] = (),
) -> AsyncIterator[ExecutionResult]:
    """Run the plan of a subscription this once; arguments as for `perform`, results as of `listen`."""
    executable = prepare(plan, supergraph)
    return listen(executable, variables=variables, transport=transport, headers=headers, denied=denied)
