"""One fetch of a plan: its request, the merge of its answer, and its errors. A failing subgraph never raises here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from router.errors import SubgraphFailure
from router.executor.errors import Asked, SubgraphError, answered_error, failed_fetch, malformed_entities
from router.executor.merge import Merger, copy_tree
from router.executor.occurrences import Occurrence, occurrences
from router.executor.representations import collect
from router.plan import Fetch
from router.transport.base import SubgraphRequest, SubgraphResponse, Transport
from router.transport.body import decode_response, encode_request

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Answers:
    """What one operation has learnt so far: the merged tree, and the errors in the order they came in."""

    tree: dict[str, Any] = field(default_factory=dict)
    errors: list[SubgraphError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Runs fetches for one operation and keeps what they answer in `answers`."""

    transport: Transport
    merger: Merger
    variables: Mapping[str, Any]
    headers: Mapping[str, str]
    answers: Answers

    async def run(self, fetch: Fetch) -> None:
        """Run a fetch whose inputs are there. One that finds no object to work on sends nothing."""
        if fetch.entities:
            await self._run_entities(fetch)
        else:
            await self._run_root(fetch)

    def request(self, fetch: Fetch, representations: Mapping[str, Sequence[dict[str, Any]]] = {}) -> SubgraphRequest:
        """What the subgraph is asked. A variable that the client left out stays out: absent is not null."""
        variables = {name: self.variables[name] for name in fetch.variables if name in self.variables}
        variables |= representations
        body = encode_request(fetch.operation, fetch.operation_name, variables)
        return SubgraphRequest(fetch.subgraph, body, self.headers, idempotent=fetch.kind == "query")

    async def _run_root(self, fetch: Fetch) -> None:
        targets = occurrences(self.answers.tree, fetch.path)
        if not targets:
            return
        response = await self._send(fetch, self.request(fetch))
        if response is not None:
            self.accept_root(fetch, response, targets)

    async def _run_entities(self, fetch: Fetch) -> None:
        collected = {asked.key: collect(self.answers.tree, asked) for asked in fetch.entities}
        if not any(found.values for found in collected.values()):
            return
        sent = {asked.variable: collected[asked.key].values for asked in fetch.entities}
        response = await self._send(fetch, self.request(fetch, sent))
        if response is not None:
            self._accept_entities(fetch, response, {key: found.occurrences for key, found in collected.items()})

    async def _send(self, fetch: Fetch, request: SubgraphRequest) -> SubgraphResponse | None:
        try:
            return decode_response(fetch.subgraph, await self.transport.send(request))
        except SubgraphFailure as failure:
            self.fail(fetch, failure)
            return None

    def fail(self, fetch: Fetch, failure: SubgraphFailure) -> None:
        """Keep the error of a fetch that got no answer. Its detail is for the log alone."""
        log.warning("subgraph failed", subgraph=fetch.subgraph, reason=str(failure), detail=failure.detail)
        self.answers.errors.append(failed_fetch(fetch, failure))

    def accept_root(self, fetch: Fetch, response: SubgraphResponse, targets: Sequence[Occurrence]) -> None:
        """Merge the data of a root fetch, or of a subscription's event, into each of `targets`."""
        self._keep_errors(fetch, response, {"": [targets]})
        if response.data is not None:
            self._merge(response.data, targets)

    def _accept_entities(self, fetch: Fetch, response: SubgraphResponse, asked: Asked) -> None:
        self._keep_errors(fetch, response, asked)
        for key, occurrences_of in asked.items():
            entities = (response.data or {}).get(key)
            if isinstance(entities, list) and len(entities) == len(occurrences_of):
                self._merge_entities(entities, occurrences_of)
            elif entities is not None or not response.errors:
                self.answers.errors.append(malformed_entities(fetch))

    def _merge_entities(self, entities: list[Any], asked: Sequence[Sequence[Occurrence]]) -> None:
        for entity, targets in zip(entities, asked, strict=True):
            if isinstance(entity, dict):
                self._merge(entity, targets)

    def _keep_errors(self, fetch: Fetch, response: SubgraphResponse, asked: Asked) -> None:
        self.answers.errors.extend(answered_error(fetch, error, response.data, asked) for error in response.errors)

    def _merge(self, data: dict[str, Any], targets: Sequence[Occurrence]) -> None:
        copies = [copy_tree(data) for _ in targets[1:]]  # taken before the first merge may change `data`
        for target, own in zip(targets, [data, *copies], strict=True):
            self.merger.merge(target.node, own, tuple(key for key in target.position if isinstance(key, str)))
