"""The history of wallets: pages, their filters, and what was in a wallet at an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from payflow.kernel.db import counting_statements
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.money import Money
from subgraphs.wallet import statements
from subgraphs.wallet.domain import Entry, EntryKind, Wallet
from subgraphs.wallet.statements import Lines, Moment, Stand, StatementPage
from tests.subgraphs.wallet.world import World

TICK = timedelta(microseconds=1)


async def pages(world: World, *asked: StatementPage) -> list[Lines]:
    async with world.database.read() as connection:
        return await statements.statement_pages(connection, asked)


async def amounts(world: World, page: StatementPage) -> list[int]:
    return [entry.amount.amount for entry in (await pages(world, page))[0].found]


async def history(world: World) -> tuple[Wallet, Wallet]:
    """A wallet with the entries 1 to 4 and then -5, and the other side of that."""
    ada, bob = await world.open(), await world.open()
    for amount in (1, 2, 3, 4):
        assert isinstance(await world.deposit(ada, amount), Entry)
    await world.capture((await world.placed(ada, bob, 5)).id)
    return ada, bob


async def test_pages_of_several_wallets(world: World) -> None:
    """They are read by one statement: newest first, before a sequence number, without what only held."""
    ada, bob = await world.open(), await world.open()
    for amount in (1, 2, 3, 4):
        await world.deposit(ada, amount)
    await world.placed(ada, bob, 10)
    asked = [StatementPage(ada.id, None, 2), StatementPage(bob.id, None, 5), StatementPage(ada.id, 3, 5)]

    async with counting_statements(world.database.engine) as executed:
        found = await pages(world, *asked)

    assert [[entry.amount.amount for entry in page.found] for page in found] == [[4, 3], [], [2, 1]]
    assert [page.resume for page in found] == [None, None, None]
    assert found[0].found[0].balance_after == Money(10, "USD")
    assert len(executed) == 1


async def test_kinds(world: World) -> None:
    """A filter tells lines apart as their reader does, by what they say: a transfer in is not a transfer out."""
    ada, bob = await history(world)

    async def of(wallet: Wallet, *kinds: EntryKind) -> list[int]:
        return await amounts(world, StatementPage(wallet.id, None, 10, frozenset(kinds)))

    assert await of(ada, EntryKind.TRANSFER_OUT) == [-5]
    assert await of(ada, EntryKind.TRANSFER_IN) == []
    assert await of(bob, EntryKind.TRANSFER_IN) == [5]
    assert await of(ada, EntryKind.DEPOSIT) == [4, 3, 2, 1]
    assert await of(ada, EntryKind.DEPOSIT, EntryKind.TRANSFER_OUT) == [-5, 4, 3, 2, 1]
    assert await of(ada) == []


async def test_since_and_until(world: World) -> None:
    """At or after the one and before the other, to the microsecond, so that months follow each other without overlap."""
    ada, _ = await history(world)
    lines = (await pages(world, StatementPage(ada.id, None, 10)))[0].found
    for index, line in enumerate(lines):
        newer, older = [one.amount.amount for one in lines[: index + 1]], [one.amount.amount for one in lines[index:]]

        assert await amounts(world, StatementPage(ada.id, None, 10, since=line.at)) == newer
        assert await amounts(world, StatementPage(ada.id, None, 10, since=line.at + TICK)) == newer[:-1]
        assert await amounts(world, StatementPage(ada.id, None, 10, until=line.at)) == older[1:]
        assert await amounts(world, StatementPage(ada.id, None, 10, until=line.at + TICK)) == older
        assert await amounts(world, StatementPage(ada.id, None, 10, since=line.at, until=line.at)) == []


async def test_filters_go_together(world: World) -> None:
    """Kind, time and place in the statement all hold at once."""
    ada, _ = await history(world)
    lines = (await pages(world, StatementPage(ada.id, None, 10)))[0].found
    page = StatementPage(ada.id, lines[1].seq, 2, frozenset({EntryKind.DEPOSIT}), lines[3].at, lines[0].at)

    assert await amounts(world, page) == [3, 2]


async def test_a_search_that_finds_little_stops_and_says_where(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following `resume` finds everything once, however little one page looks through."""
    ada, _ = await history(world)
    monkeypatch.setattr(statements, "SCAN_MAX", 2)

    found, before, count = [], None, 0
    while True:
        wanted = StatementPage(ada.id, before, 3, frozenset({EntryKind.DEPOSIT}))
        (page,) = await pages(world, wanted)
        found += [entry.amount.amount for entry in page.found]
        before, count = page.resume, count + 1
        if before is None:
            break

    assert found == [4, 3, 2, 1]
    assert count == 3  # six entries, two at a time


async def test_a_wallet_at_an_instant(world: World) -> None:
    """It is the fold of the entries up to then: of every entry, of the moment before it, before all and after all of them."""
    ada, bob = await history(world)
    await world.placed(ada, bob, 2)
    async with world.database.read() as connection:
        rows = (
            await connection.exec_driver_sql(f"SELECT * FROM entry WHERE account_id = '{ada.id}' ORDER BY seq")
        ).all()
    moments, expected, before = [], [], Stand(0, 0)
    for row in rows:
        moments += [Moment(ada.id, row.at - TICK), Moment(ada.id, row.at)]
        expected += [before, before := Stand(row.posted_after, row.held_after)]
    moments += [Moment(ada.id, datetime(1970, 1, 1, tzinfo=UTC)), Moment(ada.id, datetime.max.replace(tzinfo=UTC))]
    expected += [Stand(0, 0), Stand(5, 2)]

    async with counting_statements(world.database.engine) as executed, world.database.read() as connection:
        found = await statements.stands(
            connection, [*moments, Moment(bob.id, rows[-1].at), Moment(uuid4(), rows[-1].at)]
        )

    assert found == [*expected, Stand(5, 0), Stand(0, 0)]
    assert len(executed) == 1


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "٣", "9" * 19])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    """Only a sequence number is a place in a statement."""
    with pytest.raises(InvalidArgument, match="cursor is not valid"):
        statements.sequence_of(cursor)
