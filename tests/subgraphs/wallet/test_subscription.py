"""walletUpdated: a wallet of one's own, now and after each change; the database is the truth, hints only say when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from payflow.dev.testing import free_port
from payflow.kernel import hints as hints_module
from payflow.kernel.hints import MemoryHints, RedisHints
from payflow.kernel.settings import Settings
from subgraphs.wallet.app import create_app
from tests.subgraphs.harness import Keys, Subscription, running
from tests.subgraphs.wallet.people import People

WATCH = """
subscription ($id: ID!) {
  walletUpdated(id: $id) {
    id status balance { available { amount } held { amount } total { amount } } holds { remaining { amount } }
  }
}
"""


async def next_of(subscription: Subscription) -> dict[str, Any]:
    """The next state of the wallet."""
    event = await subscription.next()
    assert event is not None
    assert "errors" not in event, event
    state: dict[str, Any] = event["data"]["walletUpdated"]
    return state


def stand(state: dict[str, Any]) -> tuple[int, ...]:
    """Available, held, total."""
    return tuple(state["balance"][part]["amount"] for part in ("available", "held", "total"))


@asynccontextmanager
async def watched(people: People, user: UUID, wallet: str) -> AsyncIterator[Subscription]:
    async with people.client.subscribe(WATCH, {"id": wallet}, token=people.token(user)) as subscription:
        yield subscription


async def test_now_and_after_each_change(people: People) -> None:
    """Money in, a hold, its capture, a withdrawal: each is told, with balance and holds that agree."""
    (ada, from_wallet), (bob, to_wallet) = await people.funded(0), await people.funded(0)
    async with watched(people, ada, from_wallet) as ada_sees, watched(people, bob, to_wallet) as bob_sees:
        assert stand(await next_of(ada_sees)) == (0, 0, 0)
        assert stand(await next_of(bob_sees)) == (0, 0, 0)

        await people.deposit(ada, from_wallet, 100)
        assert stand(await next_of(ada_sees)) == (100, 0, 100)

        hold = await people.hold(from_wallet, to_wallet, 30, payerId=str(ada))
        state = await next_of(ada_sees)
        assert stand(state) == (70, 30, 100)
        assert [one["remaining"]["amount"] for one in state["holds"]] == [30]

        await people.capture(hold["id"])
        assert stand(await next_of(ada_sees)) == (70, 0, 70)
        assert stand(await next_of(bob_sees)) == (30, 0, 30)

        await people.withdraw(ada, from_wallet, 70)
        assert stand(await next_of(ada_sees)) == (0, 0, 0)


async def test_it_ends_when_the_wallet_is_closed(people: People) -> None:
    """The closed wallet is the last that is told; of one that is closed already it is all."""
    ada, wallet = await people.funded(0)
    async with watched(people, ada, wallet) as subscription:
        assert (await next_of(subscription))["status"] == "OPEN"
        await people.close(ada, wallet)
        assert (await next_of(subscription))["status"] == "CLOSED"
        assert await subscription.next() is None

    async with watched(people, ada, wallet) as subscription:
        assert (await next_of(subscription))["status"] == "CLOSED"
        assert await subscription.next() is None


async def test_without_redis_nothing_is_lost(settings: Settings, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """With Redis away a change is told when the reader looks again; and the change itself does not fail."""
    monkeypatch.setattr(hints_module, "REREAD_S", 0.3)
    away = RedisHints(f"redis://127.0.0.1:{free_port()}/0")
    async with running(create_app(settings, hints=away)) as client:
        people = People(client, keys)
        ada, wallet = await people.funded(0)
        async with watched(people, ada, wallet) as subscription:
            assert stand(await next_of(subscription)) == (0, 0, 0)
            await people.deposit(ada, wallet, 5)
            assert stand(await next_of(subscription)) == (5, 0, 5)


async def test_a_change_in_another_process_is_told(settings: Settings, keys: Keys, people: People) -> None:
    """Whoever moved the money: here another application, which shares nothing but the database and the hints."""
    shared = MemoryHints()
    async with (
        running(create_app(settings, hints=shared)) as one,
        running(create_app(settings, hints=shared)) as other,
    ):
        ada, wallet = await people.funded(0)
        async with watched(People(one, keys), ada, wallet) as subscription:
            assert stand(await next_of(subscription)) == (0, 0, 0)
            await People(other, keys).deposit(ada, wallet, 5)
            assert stand(await next_of(subscription)) == (5, 0, 5)


async def test_what_changed_nothing_is_not_told(people: People) -> None:
    """A refused command and a repeat change no wallet; the next that is told is the next change."""
    ada, wallet = await people.funded(10)
    await people.deposit(ada, wallet, 5, idempotencyKey="once")
    async with watched(people, ada, wallet) as subscription:
        assert stand(await next_of(subscription)) == (15, 0, 15)
        await people.withdraw(ada, wallet, 100)
        await people.deposit(ada, wallet, 5, idempotencyKey="once")
        await people.deposit(ada, wallet, 1)
        assert stand(await next_of(subscription)) == (16, 0, 16)


async def test_only_ones_own(people: People) -> None:
    """A wallet of others, and one that does not exist, are refused alike; nobody and an old token are not signed in."""
    ada, wallet = await people.funded(5)
    stranger = people.token(uuid4())
    old = people.keys.user_token(ada, lifetime=timedelta(minutes=-5))
    for wanted, token, code in (
        (wallet, stranger, "FORBIDDEN"),
        (str(uuid4()), stranger, "FORBIDDEN"),
        ("nonsense", stranger, "FORBIDDEN"),
        (wallet, people.service, "UNAUTHENTICATED"),
        (wallet, old, "UNAUTHENTICATED"),
        (wallet, None, "UNAUTHENTICATED"),
    ):
        async with people.client.subscribe(WATCH, {"id": wanted}, token=token) as subscription:
            event = await subscription.next()
            assert event is not None
            assert [error["extensions"]["code"] for error in event["errors"]] == [code]
            assert event.get("data") is None


async def test_many_readers_of_many_changes(people: People) -> None:
    """However the changes and the readers interleave, each reader's last state is the wallet's, and none goes back."""
    ada, wallet = await people.funded(0)

    async def read() -> list[int]:
        seen: list[int] = []
        async with watched(people, ada, wallet) as subscription:
            while not seen or seen[-1] < 20:
                seen.append(stand(await next_of(subscription))[2])
        return seen

    readers = [asyncio.create_task(read()) for _ in range(3)]
    await asyncio.gather(*(people.deposit(ada, wallet, 1) for _ in range(20)))
    async with asyncio.timeout(20):
        for seen in await asyncio.gather(*readers):
            assert seen == sorted(set(seen))
