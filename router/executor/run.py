"""The executor's landing functions: what happens to a query plan, in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from router.errors import SubgraphFailure
from router.executor.fetch import Answers, Fetcher
from router.executor.introspect import introspect
from router.executor.merge import Merger
from router.executor.occurrences import occurrences
from router.executor.project import project
from router.executor.report import Report
from router.executor.schedule import run_all
from router.plan import QueryPlan
from router.supergraph.model import Supergraph
from router.transport.base import SubgraphResponse, Transport


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """GraphQL's `data` and `errors`. An empty `errors` is left out of the response."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()


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
    run = _Run(plan, supergraph, variables, transport, headers, denied)
    fetcher = run.fetcher()
    await run_all(plan.fetches, fetcher.run)
    return run.finish(fetcher.answers)


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
    run = _Run(plan, supergraph, variables, transport, headers, denied)
    if not plan.fetches:  # the root field is denied: there is nothing to listen to
        yield run.finish(Answers())
        return
    events = transport.subscribe(run.fetcher().request(plan.fetches[0]))
    try:
        async for event in events:
            yield await run.complete_event(event)
    except SubgraphFailure as failure:
        yield run.failed_source(failure)
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


@dataclass(frozen=True, slots=True)
class _Run:
    plan: QueryPlan
    supergraph: Supergraph
    variables: Mapping[str, Any]
    transport: Transport
    headers: Mapping[str, str]
    denied: Sequence[tuple[str, ...]]

    def fetcher(self) -> Fetcher:
        """A fetcher with an empty tree: one per query or mutation, one per event of a subscription."""
        merger = Merger(self.supergraph.full, self.plan.output)
        return Fetcher(self.transport, merger, self.variables, self.headers, Answers())

    async def complete_event(self, event: SubgraphResponse) -> ExecutionResult:
        source, *rest = self.plan.fetches
        fetcher = self.fetcher()
        fetcher.accept_root(source, event, occurrences(fetcher.answers.tree, ()))
        await run_all(rest, fetcher.run, done=(source.id,))
        return self.finish(fetcher.answers)

    def failed_source(self, failure: SubgraphFailure) -> ExecutionResult:
        fetcher = self.fetcher()
        fetcher.fail(self.plan.fetches[0], failure)
        return ExecutionResult(None, self.finish(fetcher.answers).errors)

    def finish(self, answers: Answers) -> ExecutionResult:
        """Report the errors at the client's paths, add introspection, and shape the tree."""
        report = Report(self.denied)
        for error in answers.errors:
            report.add_answered(error, answers.tree, self.plan.output)
        self._introspect(answers.tree, report)
        data = project(answers.tree, self.plan.output, api=self.supergraph.api, report=report)
        return ExecutionResult(data, tuple(report.errors))

    def _introspect(self, tree: dict[str, Any], report: Report) -> None:
        if self.plan.introspection is None:
            return
        data, errors = introspect(self.plan.introspection, api=self.supergraph.api, variables=self.variables)
        tree.update(data)
        for error in errors:
            report.add(error["message"], tuple(error.get("path", ())), error.get("extensions"))
