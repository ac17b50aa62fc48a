"""Commands in batches: the same answers as one by one, one round trip, and nobody suffers from another's fault."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asyncpg.exceptions import CannotConnectNowError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.failpoints import armed
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import ledger as ledgers
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Command,
    Credit,
    CreditSource,
    Deposit,
    ExtendHold,
    PlaceHold,
    ReleaseHold,
    WalletStatus,
    Withdraw,
)
from subgraphs.wallet.domain import Entry, Hold, Wallet
from subgraphs.wallet.ledger import BATCH_MAX, LANES, Ledger
from subgraphs.wallet.posting import POST, posting_of
from tests.subgraphs.wallet.world import World, crowd

LATER = timedelta(hours=1)


def story(chance: random.Random, wallets: Sequence[Wallet], length: int) -> list[Command]:
    """Random commands over few wallets, holds and keys, so that they meet each other in one batch."""
    holds = [new_id() for _ in range(length // 6)]
    commands: list[Command] = []
    for _ in range(length):
        wallet, other, hold = chance.choice(wallets), chance.choice(wallets), chance.choice(holds)
        money, key = Money(chance.randint(1, 60), "USD"), str(chance.randint(0, 9))
        choices: list[Command] = [
            Deposit(wallet.owner_id, wallet.id, money, key),
            Withdraw(wallet.owner_id, wallet.id, money, key),
            Credit(wallet.id, money, CreditSource.REWARDS, None, f"{wallets[0].id.hex}{key}"),
            PlaceHold(
                id=hold,
                payer_id=wallet.owner_id,
                from_wallet_id=wallet.id,
                to_wallet_id=other.id,
                amount=money,
                transfer_id=hold,
                expires_in_s=60,
            ),
            CaptureHold(hold_id=hold, amount=money, final=False, idempotency_key=f"{hold.hex}{key}"),
            CaptureHold(hold_id=hold),
            ReleaseHold(hold_id=hold),
            ReleaseHold(hold_id=hold, expired=True),
            ExtendHold(hold_id=hold, expires_in_s=90),
            ChangeStatus(
                wallet_id=wallet.id,
                to=chance.choice([WalletStatus.FROZEN, WalletStatus.OPEN, WalletStatus.OPEN]),
                actor="a",
                reason="r",
            ),
        ]
        commands.append(chance.choice(choices))
    return commands


async def answers_to(
    world: World, wallets: Sequence[Wallet], commands: Sequence[Command], *, at_once: int
) -> list[tuple[Any, ...]]:
    """What the posting function answers, of these wallets, when it is called with so many commands at a time; without ids and times."""
    names = {str(wallet.id): name for name, wallet in enumerate(wallets)}
    told = []
    for start in range(0, len(commands), at_once):
        batch = [
            posting_of(command, not_after=datetime.now(UTC) + LATER) for command in commands[start : start + at_once]
        ]
        for row in await world.database.call(POST, batch):
            result = row["result"] or {}
            lines = sorted(
                (names[line["account"]], line["seq"], line["posted"], line["held"])
                for line in result.get("lines", [])
                if line["account"] in names
            )
            hold = result.get("hold", {})
            details = {name: result.get(name) for name in ("available", "requested", "remaining")}
            told.append(
                (
                    row["status"],
                    row["replayed"],
                    lines,
                    [hold.get(name) for name in ("captured", "released", "expired")],
                    details,
                )
            )
    return told


@pytest.mark.parametrize("seed", range(4))
async def test_a_batch_is_as_good_as_singles(world: World, seed: int) -> None:
    """A random story told in one call comes to the same, answer by answer and balance by balance, as told one by one."""
    outcomes = []
    for at_once in (1, 7, 64):
        wallets = [await world.open(holding=100) for _ in range(3)]
        told = await answers_to(world, wallets, story(random.Random(seed), wallets, 128), at_once=at_once)
        now = [await world.now(wallet) for wallet in wallets]
        outcomes.append((told, [(wallet.posted, wallet.held, wallet.status) for wallet in now]))

    for others in outcomes[1:]:
        assert [pair for pair in zip(outcomes[0][0], others[0], strict=True) if pair[0] != pair[1]] == []
        assert outcomes[0][1] == others[1]
    statuses = Counter(status for status, *_ in outcomes[0][0])
    assert statuses["OK"] > 20
    assert len(statuses) > 5
    await world.assert_true()


async def test_a_hold_is_placed_again_and_met_in_one_batch(world: World) -> None:
    """The repeat of a placing answers its first, and what else the call does to the hold is done: it is there already."""
    payer, payee = await world.open(holding=100), await world.open()
    hold = await world.placed(payer, payee, 60)
    again = PlaceHold(
        id=hold.id,
        payer_id=payer.owner_id,
        from_wallet_id=payer.id,
        to_wallet_id=payee.id,
        amount=hold.amount,
        transfer_id=hold.id,
        expires_in_s=3600,
    )
    commands: list[Command] = [again, CaptureHold(hold_id=hold.id), again]

    told = await answers_to(world, [payer, payee], commands, at_once=3)

    assert [(status, replayed) for status, replayed, *_ in told] == [("OK", True), ("OK", False), ("OK", True)]
    assert (await world.now(payee)).posted == 60
    await world.assert_true()


class Counting(Database):
    """Counts the commands of each call."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.batches: list[int] = []

    async def call(self, statement: str, *arguments: object) -> list[Any]:
        self.batches.append(len(arguments[0]))  # type: ignore[arg-type]  # the postings
        return await super().call(statement, *arguments)


@pytest.fixture
async def counted(shared_url: str) -> Any:
    """A ledger whose calls are counted."""
    database = Counting(shared_url)
    ledger = Ledger(database)
    yield database, ledger
    await ledger.close()
    await database.close()


def deposits(wallet: Wallet, count: int, *, amount: int = 1) -> list[Deposit]:
    return [Deposit(wallet.owner_id, wallet.id, Money(amount, "USD"), new_id().hex) for _ in range(count)]


async def test_what_waits_goes_together(world: World, counted: tuple[Counting, Ledger]) -> None:
    """A single command goes alone and at once; what comes while a call runs shares the next, up to the bound."""
    database, ledger = counted
    wallet = await world.open()

    await asyncio.gather(*(ledger.post(command) for command in deposits(wallet, 3 * BATCH_MAX)))
    await ledger.post(deposits(wallet, 1)[0])

    assert database.batches == [BATCH_MAX, BATCH_MAX, BATCH_MAX, 1]
    assert (await world.now(wallet)).posted == 3 * BATCH_MAX + 1
    await world.assert_true()


async def test_a_batch_that_fails_is_halved_down_to_the_fault(world: World, counted: tuple[Counting, Ledger]) -> None:
    """A command that the database chokes on fails alone; all who were with it have their answers, once."""
    database, ledger = counted
    wallet = await world.open()
    poison = Deposit(wallet.owner_id, wallet.id, Money(-5, "USD"), "poison")  # no door lets this through
    commands = [*deposits(wallet, 10), poison, *deposits(wallet, 9)]

    answers = await asyncio.gather(*(ledger.post(command) for command in commands), return_exceptions=True)

    failed = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [type(error) for error in failed] == [DBAPIError]
    assert "journal_amount_is_in_bounds" in str(failed[0])
    assert (await world.now(wallet)).posted == 19
    assert len(database.batches) < 2 * 6  # halving, not one by one
    await world.assert_true()


async def test_a_batch_that_finds_no_database_is_not_halved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are told to send it again, after TRIES_MAX calls in all; no half would have fared better."""
    wallet, sizes = await world.open(), list[int]()

    async def refused(_: Database, __: str, postings: list[Any]) -> list[Any]:
        sizes.append(len(postings))
        raise DBAPIError("post", None, CannotConnectNowError("the database system is starting up"))

    with monkeypatch.context() as patch:
        patch.setattr(Database, "call", refused)
        posting = [asyncio.create_task(world.ledger.post(command)) for command in deposits(wallet, 20)]
        answers = await asyncio.gather(*posting, return_exceptions=True)

    assert {type(answer) for answer in answers} == {DependencyUnavailable}
    assert sizes == [20] * ledgers.TRIES_MAX


async def test_a_lost_answer_is_asked_for_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that breaks after the commit costs a repeat, which the key answers: the money moves once."""
    wallet, call, lost = await world.open(), Database.call, list[Any]()

    async def losing(self: Database, statement: str, *arguments: object) -> list[Any]:
        rows = await call(self, statement, *arguments)
        if not lost:
            lost.append(rows)
            raise ConnectionResetError
        return rows

    monkeypatch.setattr(Database, "call", losing)
    entry = await world.deposit(wallet, 100)

    assert isinstance(entry, Entry)
    assert lost
    assert (await world.now(wallet)).posted == 100


async def test_a_busy_database_is_asked_again_and_then_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Busy is tried again a bounded number of times; the caller then learns that nothing has happened."""
    wallet, tries = await world.open(), []

    async def busy(*_: object) -> list[Any]:
        tries.append(1)
        raise DependencyUnavailable("busy")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "call", busy)
        with pytest.raises(DependencyUnavailable):
            await world.deposit(wallet, 100)

    assert len(tries) == ledgers.TRIES_MAX


async def test_a_closed_ledger_finishes_what_it_took(shared_url: str, world: World) -> None:
    """What queued before is posted; what comes after is told to come again."""
    wallet, ledger = await world.open(), Ledger(world.database)
    posting = [asyncio.create_task(ledger.post(command)) for command in deposits(wallet, 5)]
    await asyncio.sleep(0)

    await ledger.close()

    assert [answer.status for answer in await asyncio.gather(*posting)] == ["OK"] * 5
    with pytest.raises(DependencyUnavailable):
        await ledger.post(deposits(wallet, 1)[0])


async def test_whoever_gives_up_waiting_takes_nobody_along(world: World) -> None:
    """A caller that is cancelled leaves the others of its batch with their answers."""
    wallet = await world.open()
    posting = [asyncio.create_task(world.ledger.post(command)) for command in deposits(wallet, 20)]
    await asyncio.sleep(0)
    for task in posting[::2]:
        task.cancel()

    answers = await asyncio.gather(*posting, return_exceptions=True)

    assert [answer.status for answer in answers if not isinstance(answer, BaseException)] == ["OK"] * 10
    await world.assert_true()


async def test_whoever_waits_for_a_lane_that_is_stopped_is_told(world: World, tmp_path: Path) -> None:
    """What was on its way and what queued behind it fails at once, as something to send again; the next command finds a new lane."""
    wallet = await world.open()
    first, *others = deposits(wallet, 5)
    with armed(f"ledger.after_post=cancel@{tmp_path / 'marker'}"):
        posting = [asyncio.create_task(world.ledger.post(first))]
        await asyncio.sleep(0)
        posting += [asyncio.create_task(world.ledger.post(command)) for command in others]
        answers = await asyncio.wait_for(asyncio.gather(*posting, return_exceptions=True), 20)

    assert {type(answer) for answer in answers} == {DependencyUnavailable}
    again = [await world.ledger.post(command) for command in (first, *others)]
    assert [answer.replayed for answer in again] == [True] + [False] * 4
    await world.assert_true()


async def test_a_call_that_never_comes_back_is_ended(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dead connection holds up its lane for CALL_S; then the same commands are sent again."""
    wallet = await world.open()
    (deposit,) = deposits(wallet, 1)
    monkeypatch.setattr(ledgers, "CALL_S", 0.4)
    with armed(f"ledger.after_post=hang@{tmp_path / 'marker'}"):
        answer = await asyncio.wait_for(world.ledger.post(deposit), 20)

    assert (answer.status, answer.replayed) == ("OK", True)


async def test_changes_are_told_once_they_are_committed(world: World) -> None:
    """Who listens hears of every wallet that moved, not of system accounts, and of none for a refusal or a repeat."""
    told: list[Any] = []
    ledger = Ledger(world.database, on_change=lambda changed: told.extend(changed))
    ada, bob = await world.open(holding=100), await world.open()
    command = deposits(ada, 1)[0]

    await ledger.post(command)
    assert told == [ada.id]
    told.clear()
    await ledger.post(command)
    assert told == []
    hold = PlaceHold(
        id=new_id(),
        payer_id=ada.owner_id,
        from_wallet_id=ada.id,
        to_wallet_id=bob.id,
        amount=Money(5, "USD"),
        transfer_id=new_id(),
        expires_in_s=60,
    )
    await ledger.post(hold)
    await ledger.post(CaptureHold(hold_id=hold.id))
    assert set(told) == {ada.id, bob.id}
    await ledger.close()


async def test_system_accounts_spread(own_world: World) -> None:
    """Deposits one by one go over many shards of the outside account, which together hold the counterpart."""
    wallet = await own_world.open()
    for _ in range(40):
        await own_world.deposit(wallet, 1)

    query = text("SELECT count(*) FILTER (WHERE seq > 0), sum(posted) FROM account WHERE kind = 'EXTERNAL'")
    async with own_world.database.read() as connection:
        used, total = (await connection.execute(query)).one()
    assert used >= 8
    assert total == -40


async def test_reversed_pairs_over_several_ledgers_do_not_deadlock(shared_url: str) -> None:
    """Four processes' ledgers move money both ways over the same wallets: every command succeeds, and PostgreSQL saw no deadlock."""
    worlds = [World.over(Database(shared_url)) for _ in range(4)]
    people = [await worlds[0].open(holding=10_000) for _ in range(4)]
    pairs = [(payer, payee) for payer in people for payee in people if payer is not payee]
    deadlocks = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")

    async def transfer(world: World, payer: Wallet, payee: Wallet) -> Hold:
        hold = await world.placed(payer, payee, 10)
        return await world.capture(hold.id)

    async with worlds[0].database.read() as connection:
        before = (await connection.execute(deadlocks)).scalar_one()
    for _ in range(3):
        done = await crowd(transfer(world, *pair) for world in worlds for pair in pairs)
        assert {type(outcome) for outcome in done} == {Hold}
    async with worlds[0].database.read() as connection:
        assert (await connection.execute(deadlocks)).scalar_one() == before

    assert [(await worlds[0].now(person)).posted for person in people] == [10_000] * 4
    for world in worlds:
        await world.close()


def test_lanes_leave_connections_for_others() -> None:
    """The ledger's calls fit into the connections of a process."""
    from payflow.kernel.calls import CONNECTIONS_MAX

    assert LANES <= CONNECTIONS_MAX
