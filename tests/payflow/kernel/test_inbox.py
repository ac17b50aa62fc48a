"""The inbox and the dead letters: what was handled once is not handled again, what is buried is buried once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from payflow.kernel.db import Database
from payflow.kernel.dead_letters import REASON_LENGTH_MAX, DeadLetter, bury
from payflow.kernel.ids import new_id
from payflow.kernel.inbox import remember
from tests.payflow.kernel.conftest import Tables


async def test_the_first_claim_counts(database: Database, tables: Tables) -> None:
    """A second claim is refused, in the same transaction and in later ones; another consumer has its own memory."""
    event_id = new_id()
    async with database.unit_of_work() as work:
        assert await remember(work, tables.inbox, consumer="one", event_ids=[event_id])
        assert not await remember(work, tables.inbox, consumer="one", event_ids=[event_id])
    async with database.unit_of_work() as work:
        assert not await remember(work, tables.inbox, consumer="one", event_ids=[event_id])
        assert await remember(work, tables.inbox, consumer="two", event_ids=[event_id])


async def test_a_claim_goes_with_its_transaction(database: Database, tables: Tables) -> None:
    """What rolled back was not handled."""
    event_id = new_id()

    async def fails() -> None:
        async with database.unit_of_work() as work:
            await remember(work, tables.inbox, consumer="one", event_ids=[event_id])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    async with database.unit_of_work() as work:
        assert await remember(work, tables.inbox, consumer="one", event_ids=[event_id])


@pytest.mark.parametrize("commits", [True, False])
async def test_a_rival_is_waited_for(database: Database, tables: Tables, commits: bool) -> None:
    """While another transaction holds the claim, a second one waits, and then goes by what became of the first."""
    event_id = new_id()

    async def rival() -> set[UUID]:
        async with database.unit_of_work() as work:
            return await remember(work, tables.inbox, consumer="one", event_ids=[event_id])

    async with database.engine.connect() as connection:
        transaction = await connection.begin()
        from payflow.kernel.db import UnitOfWork

        assert await remember(UnitOfWork(connection), tables.inbox, consumer="one", event_ids=[event_id])
        waiting = asyncio.create_task(rival())
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await (transaction.commit() if commits else transaction.rollback())

    assert await waiting == (set() if commits else {event_id})


LETTER = DeadLetter(
    consumer="rewards", topic="t", key="k\x00", event_id=None, reason="bad\x00" + "x" * 5000, payload=b"\x00\xff"
)


async def test_a_letter_is_kept_as_it_came(database: Database, tables: Tables) -> None:
    """Once, however often it is buried; bytes untouched, texts made fit to store."""
    async with database.unit_of_work() as work:
        for _ in range(3):
            await bury(work, tables.dead_letters, LETTER)
        (row,) = (await work.connection.execute(select(tables.dead_letters))).all()

    assert (row.id, row.payload, row.key) == (LETTER.id, b"\x00\xff", "k\\0")
    assert row.reason.startswith("bad\\0x")
    assert len(row.reason) == REASON_LENGTH_MAX


@pytest.mark.parametrize("change", [{"consumer": "x"}, {"topic": "x"}, {"key": "x"}, {"payload": b"x"}])
def test_letters_differ_by_what_was_received(change: dict[str, str]) -> None:
    """Consumer, topic, key and payload make the letter; the reason does not."""
    assert replace(LETTER, **change).id != LETTER.id  # type: ignore[arg-type]  # one field each
    assert replace(LETTER, reason="another").id == LETTER.id
