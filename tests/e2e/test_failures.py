"""A part fails; money stays right and nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.conftest import Platform, temporary_platform
from tests.e2e.people import People, Person
from tests.subgraphs.harness import Client


@pytest.fixture(scope="module")
def marker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Appears when the failpoint has fired."""
    return tmp_path_factory.mktemp("failpoint") / "fired"


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory, marker: Path) -> Iterator[Platform]:
    """A platform whose transactions service kills itself, once, between hold and capture."""
    with temporary_platform(
        tmp_path_factory.mktemp("fragile"), PAYFLOW_FAILPOINTS=f"saga.after_hold=kill@{marker}"
    ) as platform:
        yield platform


@pytest.fixture
async def fragile_people(fragile: Platform) -> AsyncIterator[People]:
    async with aiohttp.ClientSession() as http:
        yield People(Client(f"http://127.0.0.1:{fragile.port}", http))


async def test_killed_between_hold_and_capture(fragile: Platform, fragile_people: People, marker: Path) -> None:
    """kill -9 of transactions in the middle of a saga: after its restart the transfer ends, and the ledger balances."""
    ada, bob = await fragile_people.person("ada", balance=100_00), await fragile_people.person("bob")
    before = fragile.process("transactions")

    order = ada.send(25_00, bob)
    with pytest.raises(AssertionError):
        await order
    assert marker.exists()

    async with asyncio.timeout(60):
        while (await ada.balance())[1] or not (await transfers_of(ada)):
            await asyncio.sleep(0.2)
    assert await transfers_of(ada) == ["COMPLETED"]
    assert (await bob.balance()) == (25_00, 0)
    assert fragile.process("transactions").pid != before.pid
    verified = fragile.payflow("ledger", "verify", "--json")
    assert json.loads(verified.stdout)["violations"] == []


async def transfers_of(person: Person) -> list[str]:
    """The states of a person's transfers; empty while the service is away."""
    answer = await person.api.execute("{ me { transfers { edges { node { status } } } } }", token=person.token)
    if "errors" in answer:
        return []
    states = [edge["node"]["status"] for edge in answer["data"]["me"]["transfers"]["edges"]]
    return [] if "PENDING" in states else states


async def test_notifications_consumer_stopped(platform: Platform, people: People) -> None:
    """While the notifications consumer stands still transfers go on; once it is back each notification arrives, once."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    consumer = platform.process("notifications-consumer")

    consumer.suspend()
    try:
        results = [await ada.send(1_00, bob) for _ in range(5)]
        await asyncio.sleep(1)
        assert [result["status"] for result in results] == ["COMPLETED"] * 5
        assert await bob.notifications() == []
    finally:
        consumer.resume()

    await bob.waits_for(*["TRANSFER_RECEIVED"] * 5, within_s=60)
    await ada.waits_for(*["TRANSFER_SENT"] * 5, *["REWARD_ISSUED"] * 5, within_s=60)


async def test_notifications_service_killed(platform: Platform, people: People) -> None:
    """With the notifications subgraph killed, a transfer completes; the supervisor brings the subgraph back."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")

    killed = platform.process("notifications")
    killed.kill()
    transfer = await ada.send(1_00, bob)

    assert transfer["status"] == "COMPLETED"
    async with asyncio.timeout(60):
        while not (status := platform.status())["ready"] or killed.pid in [part["pid"] for part in status["parts"]]:
            await asyncio.sleep(0.2)
    await bob.waits_for("TRANSFER_RECEIVED", within_s=60)
