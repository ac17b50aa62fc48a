"""Subgraphs without a network: a transport whose answers are there at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from benchmarks.router.federation import Subgraphs
from router.supergraph import Supergraph
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse


class Canned:
    """Computes each answer once. To be used in one event loop."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._subgraphs = Subgraphs(supergraph)
        self._answers: dict[tuple[str, bytes], SubgraphAnswer] = {}

    def send(self, request: SubgraphRequest) -> asyncio.Future[SubgraphAnswer]:
        key = request.subgraph, request.body
        if key not in self._answers:
            self._answers[key] = SubgraphAnswer(200, self._subgraphs.answer(*key))
        future = asyncio.get_running_loop().create_future()
        future.set_result(self._answers[key])
        return future

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        raise NotImplementedError("nothing that is measured subscribes")

    async def close(self) -> None:
        """Nothing is open."""
