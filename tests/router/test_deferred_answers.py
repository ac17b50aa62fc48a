"""Answers in parts through the whole pipeline: together they are the answer that the same operation gets at once."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from router.config import DeferSettings
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import DeferredAnswer, RouterState, answer, begin
from tests.router.executor.test_deliver import FIXTURES, deferring, merge
from tests.router.planning import fixture
from tests.router.random_operations import Generator
from tests.router.world import World, WorldTransport

TIMES = 15
OPEN = [name for name in FIXTURES if name != "payments"]
"""Supergraphs that protect nothing: what a denied field costs where it may not be null ends at the deferred part."""


async def pieces(begun: ClientResponse | DeferredAnswer) -> list[Any]:
    """The JSON of each piece."""
    if isinstance(begun, ClientResponse):
        return [json.loads(begun.json())]
    return [json.loads(response.json()) async for response in begun.responses()]


def merged(told: list[Any]) -> Any:
    """What a client has when the last piece has come."""
    first, *others = told
    for part in (part for piece in others for part in piece.get("incremental", ())):
        node = first["data"]
        for key in part["path"]:
            node = node[key]
        merge(node, part["data"])
    return first["data"]


@pytest.mark.parametrize("name", OPEN)
async def test_all_pieces_together_are_the_whole_answer(name: str) -> None:
    """Random operations with random deferred fragments, in one router whose caches must tell the two kinds of plans apart."""
    supergraph = fixture(name)
    in_parts = 0
    for seed in range(TIMES):
        rng = Random(seed)
        generator = Generator(supergraph.api, rng)
        query = deferring(generator.operation(), rng)
        transport = WorldTransport(World(supergraph, seed))
        router = RouterState(supergraph, transport, defer=DeferSettings(unaccepted="answer_whole"))
        for _ in range(2):  # the second time from the caches
            whole = await answer(ClientRequest(query, variables=generator.variables), router)
            begun = await begin(ClientRequest(query, variables=generator.variables, incremental=True), router)
            assert isinstance(begun, ClientResponse | DeferredAnswer)
            told = await pieces(begun)
            assert merged(told) == json.loads(whole.data), query
            assert [piece.get("hasNext", False) for piece in told] == [True] * (len(told) - 1) + [False]
            in_parts += len(told) > 1
    assert in_parts > TIMES
