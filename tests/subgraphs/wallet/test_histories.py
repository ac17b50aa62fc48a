"""Concurrent histories of the real ledger have an order that explains every answer; and the checker finds what has none."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet.commands import CaptureHold, Deposit
from tests.subgraphs.wallet.clients import Crowd
from tests.subgraphs.wallet.deadlocks import Tally, Watched
from tests.subgraphs.wallet.histories import check
from tests.subgraphs.wallet.world import World

LEDGERS = 3  # each with connections of its own, as a process has
CLIENTS = 24
COMMANDS = 100  # of each client
WALLETS = 4
HISTORIES = int(os.environ.get("PAYFLOW_HISTORIES", "2"))  # more of them where there is time


@asynccontextmanager
async def several_ledgers(url: str, tally: Tally) -> AsyncIterator[list[World]]:
    """As many as there are processes of the service."""
    worlds = [World.over(Watched(url, tally)) for _ in range(LEDGERS)]
    try:
        yield worlds
    finally:
        for world in worlds:
            await world.close()


@pytest.mark.timeout(120 + 30 * HISTORIES)
@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_every_answer_of_a_crowd_is_explained(shared_url: str, seed: int) -> None:
    """Random commands, repeated, misused and given up on, over few wallets: one order explains them all, and the balances in the end."""
    tally = Tally()
    async with several_ledgers(shared_url, tally) as worlds:
        wallets = [await worlds[0].open() for _ in range(WALLETS)]
        crowd = Crowd(wallets, [world.ledger for world in worlds], random.Random(seed))
        for wallet in wallets:
            await crowd.ask(Deposit(wallet.owner_id, wallet.id, Money(300, "USD"), new_id().hex))
        early = [crowd.placing(wallets[0], wallets[1], Money(1, "USD"), new_id(), lasts=1) for _ in range(5)]
        await asyncio.gather(*(crowd.ask(hold) for hold in early))
        crowd.holds.clear()  # nobody meets them until they have expired
        over = asyncio.Event()
        operator = asyncio.create_task(crowd.operator(over))
        await asyncio.gather(*(crowd.client(COMMANDS) for _ in range(CLIENTS)))
        over.set()
        await operator
        await asyncio.sleep(1)
        await asyncio.gather(*(crowd.ask(CaptureHold(hold_id=hold.id)) for hold in early))

        assert check(crowd.models, crowd.events) == []
        statuses = Counter(event.status for event in crowd.events)
        assert statuses["OK"] > CLIENTS * COMMANDS / 4
        assert {"INSUFFICIENT_FUNDS", "IDEMPOTENCY_CONFLICT", "HOLD_CAPTURED", "HOLD_RELEASED", "HOLD_EXPIRED"} <= set(
            statuses
        )
        assert any(event.uncertain for event in crowd.events)
        for wallet in wallets:
            told = [line for event in crowd.events for line in event.lines if line.wallet_id == wallet.id]
            newest, now = max(told, key=lambda line: line.seq), await worlds[0].now(wallet)
            assert (newest.posted, newest.held) == (now.posted, now.held)
        assert tally.retries["40P01"] == 0, tally
        await worlds[0].assert_true()
