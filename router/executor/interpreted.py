"""The generic engine: runs any plan by reading it. It is the first run of every operation, and what a compiled plan falls back on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from router.errors import SubgraphFailure
from router.executor.contexts import Context
from router.executor.errors import (
    Asked,
    SubgraphError,
    answered_error,
    failed_fetch,
    failed_source,
    malformed_entities,
    too_many_contexts,
)
from router.executor.exact import read_answer
from router.executor.execution import Answered, Ask, ExecutionResult
from router.executor.introspect import introspect
from router.executor.merge import copies
from router.executor.occurrences import Occurrence, occurrences
from router.executor.prepared import Prepared
from router.executor.project import project
from router.executor.report import Report
from router.executor.representations import Collected, collect
from router.executor.requests import array, client_variables, member, request_body
from router.limits import CONTEXTS_PER_FETCH_MAX
from router.plan import Entities, Fetch
from router.transport.base import SubgraphResponse
from router.transport.body import not_graphql

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Interpreted:
    """One run of a plan; an `Execution`.

    `variables` are coerced and defaulted, those the client left out are absent. `denied` are client paths ("@" for a list level)
    whose authorization errors the caller reports. `event` is that of a subscription's first fetch: the rest of the plan completes it,
    or there was none and the result says why.
    """

    prepared: Prepared
    variables: Mapping[str, Any]
    denied: Sequence[tuple[str, ...]] = ()
    event: SubgraphResponse | SubgraphFailure | None = None
    _tree: dict[str, Any] = field(default_factory=dict)
    _errors: list[SubgraphError] = field(default_factory=list)
    _waits_for: dict[int, int] = field(default_factory=dict)
    _unanswered: dict[int, int] = field(default_factory=dict)
    _asked: dict[Ask, Asked] = field(default_factory=dict)

    def start(self) -> list[Ask]:
        """Ask the fetches that need nothing, or those that an event completes."""
        fetches = self.prepared.plan.fetches
        self._waits_for = {fetch.id: len(fetch.after) for fetch in fetches}
        if self.event is None:
            return self._ask_all(fetch for fetch in fetches if not fetch.after)
        if isinstance(self.event, SubgraphFailure):
            self._fail(self.event, failed_source(fetches[0], self.event))
            return []
        self._take(fetches[0], self.event, {"": [occurrences(self._tree, ())]})
        return self._ask_all([*self._freed_by(fetches[0]), *(fetch for fetch in fetches[1:] if not fetch.after)])

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        """Merge an answer, or keep its error; the last of a fetch frees what waited for it."""
        asked = self._asked.pop(ask)
        try:
            if isinstance(answer, SubgraphFailure):
                raise answer
            self._take(ask.fetch, read_answer(ask.fetch.subgraph, answer), asked)
        except SubgraphFailure as failure:
            self._fail(failure, failed_fetch(ask.fetch, failure, asked))
        except RecursionError:  # a custom scalar: nothing else can be nested deeper than the client's selection
            too_deep = not_graphql(ask.fetch.subgraph, "nested too deep to be merged")
            self._fail(too_deep, failed_fetch(ask.fetch, too_deep, asked))
        self._unanswered[ask.fetch.id] -= 1
        return [] if self._unanswered[ask.fetch.id] else self._ask_all(self._freed_by(ask.fetch))

    def finish(self) -> ExecutionResult:
        """Report the errors at the client's paths, add introspection, and shape the tree."""
        report = Report(self.denied)
        output = self.prepared.plan.output
        for error in self._errors:
            report.add_answered(error, self._tree, output)
        self._introspect(report)
        data = project(self._tree, output, api=self.prepared.supergraph.api, report=report)
        return ExecutionResult.of(data, tuple(report.errors))

    # ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────

    def _ask_all(self, ready: Iterable[Fetch]) -> list[Ask]:
        """The requests of these fetches; where one finds nothing to ask about, of those that waited for it."""
        asks: list[Ask] = []
        queue = deque(ready)
        while queue:
            fetch = queue.popleft()
            sent = self._ask_entities(fetch) if fetch.entities else self._ask_root(fetch)
            self._unanswered[fetch.id] = len(sent)
            asks += sent
            if not sent:
                queue.extend(self._freed_by(fetch))
        return asks

    def _freed_by(self, done: Fetch) -> list[Fetch]:
        freed = []
        for fetch in self.prepared.dependents[done.id]:
            self._waits_for[fetch.id] -= 1
            if not self._waits_for[fetch.id]:
                freed.append(fetch)
        return freed

    def _ask_root(self, fetch: Fetch) -> list[Ask]:
        targets = occurrences(self._tree, fetch.path)
        return [self._ask(fetch, (), {"": [targets]})] if targets else []

    def _ask_entities(self, fetch: Fetch) -> list[Ask]:
        """One request for all of them, or where arguments come from contexts one for each set of values."""
        found = [(entities, collect(self._tree, entities)) for entities in fetch.entities]
        contexts = list(dict.fromkeys(context for _, groups in found for context in groups))
        if len(contexts) > CONTEXTS_PER_FETCH_MAX:
            self._errors.append(too_many_contexts(fetch))
        return [self._ask_group(fetch, context, found) for context in contexts[:CONTEXTS_PER_FETCH_MAX]]

    def _ask_group(
        self, fetch: Fetch, context: Context, found: Sequence[tuple[Entities, Mapping[Context, Collected]]]
    ) -> Ask:
        put = [(entities, groups.get(context, Collected())) for entities, groups in found]
        sent = [member(entities.variable, array(collected.values)) for entities, collected in put]
        return self._ask(fetch, (*sent, *context), {entities.key: collected.occurrences for entities, collected in put})

    def _ask(self, fetch: Fetch, sent: Sequence[bytes], asked: Asked) -> Ask:
        members = [*client_variables(fetch, self.variables), *sent]
        ask = Ask(fetch, request_body(self.prepared.heads[fetch.id], members))
        self._asked[ask] = asked
        return ask

    # ── what is answered ────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, fetch: Fetch, response: SubgraphResponse, asked: Asked) -> None:
        self._errors.extend(answered_error(fetch, error, response.data, asked) for error in response.errors)
        if fetch.entities:
            self._take_entities(fetch, response, asked)
        elif response.data is not None:
            self._merge(response.data, asked[""][0])

    def _take_entities(self, fetch: Fetch, response: SubgraphResponse, asked: Asked) -> None:
        for key, occurrences_of in asked.items():
            entities = (response.data or {}).get(key)
            if isinstance(entities, list) and len(entities) == len(occurrences_of):
                for entity, targets in zip(entities, occurrences_of, strict=True):
                    if isinstance(entity, dict):
                        self._merge(entity, targets)
            elif entities is not None or not response.errors:
                self._errors.append(malformed_entities(fetch))

    def _merge(self, data: dict[str, Any], targets: Sequence[Occurrence]) -> None:
        """Put data into each target. Each gets parts of its own, or what is merged into one later would show in all."""
        nested = any(isinstance(value, dict | list) for value in data.values())
        more = len(targets) - 1
        own = copies(data, more) if nested and more else [data] * more  # made before merging may change `data`
        for target, value in zip(targets, [data, *own], strict=True):
            at = tuple(key for key in target.position if isinstance(key, str))
            self.prepared.merger.merge(target.node, value, at)

    def _fail(self, failure: SubgraphFailure, told: SubgraphError) -> None:
        """Keep the error of a fetch that got no answer. The failure's detail is for the log alone."""
        log.warning("subgraph failed", subgraph=failure.subgraph, reason=str(failure), detail=failure.detail)
        self._errors.append(told)

    def _introspect(self, report: Report) -> None:
        plan = self.prepared.plan
        if plan.introspection is None:
            return
        data, errors = introspect(plan.introspection, api=self.prepared.supergraph.api, variables=self.variables)
        self._tree.update(data)
        for error in errors:
            report.add(error["message"], tuple(error.get("path", ())), error.get("extensions"))
