"""What transactions writes is read back equal, and the database refuses what no code should write."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import store
from subgraphs.transactions.domain import (
    Answer,
    Command,
    Event,
    Scope,
    State,
    StepStatus,
    Transfer,
    after,
)
from subgraphs.transactions.errors import InsufficientFunds
from subgraphs.transactions.store import Move, TransfersQuery
from subgraphs.transactions.tables import metadata, transfer_steps, transfers
from tests.subgraphs.transactions.world import NOW, World

LEASE = timedelta(seconds=10)


async def add(world: World, **others: Any) -> Transfer:
    fields: dict[str, Any] = {
        "id": new_id(),
        "payer_id": world.ada,
        "payee_id": world.bob,
        "from_wallet_id": world.ada_wallet.id,
        "to_wallet_id": world.bob_wallet.id,
        "amount": Money(100, "USD"),
        "note": "Lunch",
        "created_at": NOW,
    }
    transfer = Transfer(**{**fields, **others})
    given = await store.begin(world.database, command(transfer), transfer, lease=LEASE, daily=None)
    assert (given.transfer_id, given.refusal) == (transfer.id, None)
    return transfer


def command(transfer: Transfer) -> Command:
    return Command(transfer.payer_id, Scope.TRANSFER, transfer.id.hex, b"fingerprint")


async def read(world: World, transfer: Transfer) -> Transfer:
    async with world.database.read() as connection:
        return (await store.by_ids(connection, [transfer.id, new_id()]))[transfer.id]


async def advance(world: World, transfer: Transfer, answer: Answer) -> bool:
    move = Move(before=transfer, after=after(transfer, answer, NOW), answer=answer, now=NOW, lease=LEASE)
    return await store.advance(world.database, move)


async def test_a_transfer_is_read_back_equal(world: World) -> None:
    """From its beginning to its end, refusal included."""
    transfer = await add(world)
    assert await read(world, transfer) == transfer

    refusal = InsufficientFunds("Too little.", available=Money(1, "USD"), requested=Money(100, "USD"))
    answer = Answer(Event.REFUSED, refusal.failure_code, refusal.failure_code, refusal)
    assert await advance(world, transfer, answer)

    failed = await read(world, transfer)
    assert failed == after(transfer, answer, NOW)
    assert isinstance(failed.refusal, InsufficientFunds)
    assert vars(failed.refusal) == vars(refusal)


async def test_who_was_overtaken_writes_nothing(world: World) -> None:
    """A write that names an older version changes neither the transfer nor its steps."""
    transfer = await add(world)
    assert await advance(world, transfer, Answer(Event.HELD))

    assert not await advance(world, transfer, Answer(Event.REFUSED, "SAME_WALLET", "SAME_WALLET"))
    assert not await store.postpone(world.database, transfer, error="late", pause=LEASE)
    assert not await store.escalate(world.database, transfer, error="late", reason="late", now=NOW)

    assert (await read(world, transfer)).state is State.CAPTURING
    steps = await world.steps(transfer.id)
    assert [(step.status, step.error) for step in steps.values()] == [
        (StepStatus.DONE, None),
        (StepStatus.RUNNING, None),
    ]


async def test_pages_of_a_user(world: World) -> None:
    """Newest first, as payer and as payee, page by page, filtered by state; other people's never."""
    eve = new_id()
    sent = [await add(world) for _ in range(3)]
    got = [await add(world, payer_id=eve, payee_id=world.ada) for _ in range(2)]
    await add(world, payer_id=eve, payee_id=world.bob)
    await advance(world, sent[0], Answer(Event.HELD))
    newest_first = [transfer.id for transfer in sorted([*sent, *got], key=lambda each: each.id, reverse=True)]
    query = TransfersQuery(user_id=world.ada, older_than=None, states=None, most=10)

    async with world.database.read() as connection:
        everything = await store.of_user(connection, query)
        page = await store.of_user(connection, replace(query, older_than=newest_first[1], most=2))
        capturing = await store.of_user(connection, replace(query, states=frozenset({State.CAPTURING})))

    assert [transfer.id for transfer in everything] == newest_first
    assert [transfer.id for transfer in page] == newest_first[2:4]
    assert [transfer.id for transfer in capturing] == [sent[0].id]


@pytest.mark.parametrize(
    "broken",
    [
        {"amount": 0},
        {"amount": 2**53},
        {"currency": "usd"},
        {"state": "LOST"},
        {"state": "FAILED"},
        {"state": "RELEASING"},
        {"state": "COMPLETED"},
        {"failure_code": "SAME_WALLET"},
        {"ended_at": NOW},
        {"due_at": None},
    ],
)
async def test_the_database_refuses_what_no_code_should_write(world: World, broken: dict[str, Any]) -> None:
    """A transfer that contradicts itself violates a CHECK, whoever writes it."""
    transfer = await add(world)

    with pytest.raises(IntegrityError):
        async with world.database.unit_of_work() as work:
            await work.connection.execute(update(transfers).where(transfers.c.id == transfer.id).values(**broken))


async def test_the_database_refuses_steps_that_contradict_themselves(world: World) -> None:
    """A step that is done has an instant at which it was."""
    transfer = await add(world)

    with pytest.raises(IntegrityError):
        async with world.database.unit_of_work() as work:
            await work.connection.execute(
                update(transfer_steps).where(transfer_steps.c.transfer_id == transfer.id).values(status="DONE")
            )


async def test_migrations_match_the_tables(world: World) -> None:
    """What Alembic made is what tables.py declares."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    async with world.database.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )

    assert difference == []
