"""Whole stories, told as tables; then crowds: many commands at once, and the sums are right."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from payflow.kernel.errors import IdempotencyConflict, Refusal
from payflow.kernel.ids import new_id
from subgraphs.wallet.commands import ReleaseHold
from subgraphs.wallet.domain import Entry, Hold, Wallet
from subgraphs.wallet.errors import HoldCancelled, HoldCaptured, HoldReleased, InsufficientFunds
from subgraphs.wallet.tables import account
from subgraphs.wallet.tables import entry as entries
from tests.subgraphs.wallet.world import World, crowd

# command | outcome | available+held of each wallet afterwards
STORIES = {
    "a transfer": """
        deposit ada 100        | DEPOSIT       | ada 100+0  bob 0+0
        hold h1 ada bob 60     | OPEN          | ada 40+60  bob 0+0
        capture h1             | CAPTURED      | ada 40+0   bob 60+0
    """,
    "a transfer that is called off": """
        deposit ada 100        | DEPOSIT       | ada 100+0  bob 0+0
        hold h1 ada bob 60     | OPEN          | ada 40+60  bob 0+0
        release h1             | RELEASED      | ada 100+0  bob 0+0
        capture h1             | HoldReleased  | ada 100+0  bob 0+0
    """,
    "held money is not there twice": """
        deposit ada 100        | DEPOSIT            | ada 100+0  bob 0+0
        hold h1 ada bob 60     | OPEN               | ada 40+60  bob 0+0
        hold h2 ada eve 41     | InsufficientFunds  | ada 40+60  eve 0+0
        hold h3 ada eve 40     | OPEN               | ada 0+100  eve 0+0
        release h1             | RELEASED           | ada 60+40  bob 0+0
        hold h2 ada eve 41     | InsufficientFunds  | ada 60+40  eve 0+0
        hold h4 ada eve 41     | OPEN               | ada 19+81  eve 0+0
    """,
    "money goes round": """
        deposit ada 10         | DEPOSIT       | ada 10+0
        hold h1 ada bob 10     | OPEN          | ada 0+10   bob 0+0
        capture h1             | CAPTURED      | ada 0+0    bob 10+0
        hold h2 bob eve 10     | OPEN          | bob 0+10   eve 0+0
        capture h2             | CAPTURED      | bob 0+0    eve 10+0
        hold h3 eve ada 10     | OPEN          | eve 0+10   ada 0+0
        capture h3             | CAPTURED      | eve 0+0    ada 10+0
    """,
    "a release overtakes its hold": """
        deposit ada 100        | DEPOSIT       | ada 100+0
        release h1             | HoldCancelled | ada 100+0
        hold h1 ada bob 60     | HoldCancelled | ada 100+0  bob 0+0
        capture h1             | HoldNotFound  | ada 100+0  bob 0+0
    """,
    "everything is repeated": """
        deposit ada 100        | DEPOSIT       | ada 100+0
        hold h1 ada bob 60     | OPEN          | ada 40+60  bob 0+0
        hold h1 ada bob 60     | OPEN          | ada 40+60  bob 0+0
        capture h1             | CAPTURED      | ada 40+0   bob 60+0
        capture h1             | CAPTURED      | ada 40+0   bob 60+0
        hold h1 ada bob 60     | OPEN          | ada 40+0   bob 60+0
        release h1             | HoldCaptured  | ada 40+0   bob 60+0
    """,
    "a reward": """
        credit ada 5           | REWARD        | ada 5+0
        hold h1 ada bob 5      | OPEN          | ada 0+5    bob 0+0
    """,
}


@pytest.mark.parametrize("story", STORIES)
async def test_stories(world: World, story: str) -> None:
    """Each line's command has its outcome, and leaves the balances that it says."""
    wallets = {name: await world.open() for name in ("ada", "bob", "eve")}
    holds: dict[str, UUID] = {name: new_id() for name in ("h1", "h2", "h3", "h4")}
    for line in STORIES[story].strip().splitlines():
        command, outcome, balances = (part.strip() for part in line.split("|"))

        assert await run(world, command.split(), wallets, holds) == outcome, command

        for name, balance in zip(*[iter(balances.split())] * 2, strict=True):
            stands = await world.now(wallets[name])
            assert f"{stands.available.amount}+{stands.held}" == balance, f"{name} after: {command}"
    await world.assert_true()


async def run(world: World, command: list[str], wallets: dict[str, Wallet], holds: dict[str, UUID]) -> str:
    """Run one line; answers the kind or status of what came out, or the refusal's name."""
    try:
        match command:
            case ["deposit", name, amount]:
                return told(await world.deposit(wallets[name], int(amount)))
            case ["credit", name, amount]:
                return told(await world.credit(wallets[name], int(amount)))
            case ["hold", hold, payer, payee, amount]:
                return told(await world.hold(wallets[payer], wallets[payee], int(amount), id=holds[hold]))
            case ["capture", hold]:
                return told(await world.capture(holds[hold]))
            case ["release", hold]:
                return told(await world.release(holds[hold]))
            case _:
                raise ValueError(command)
    except Refusal as refusal:
        return told(refusal)


def told(outcome: Entry | Hold | Refusal) -> str:
    match outcome:
        case Entry():
            return outcome.kind.value
        case Hold():
            return outcome.status.value
        case _:
            return type(outcome).__name__


async def test_fifty_deposits_at_once(world: World) -> None:
    """Fifty keys, each sent three times at once, pay in fifty times; repeats answer their first."""
    wallet = await world.open()
    keys = [f"key-{number}" for number in range(50)] * 3
    random.Random(1).shuffle(keys)

    answers = await crowd(world.deposit(wallet, 7, key=key) for key in keys)

    assert (await world.now(wallet)).posted == 50 * 7
    by_key: dict[str, set[Entry]] = {key: set() for key in keys}
    for key, answer in zip(keys, answers, strict=True):
        assert isinstance(answer, Entry)
        by_key[key].add(answer)
    assert all(len(answers) == 1 for answers in by_key.values())
    assert len({entry for answers in by_key.values() for entry in answers}) == 50
    await world.assert_true()


async def test_one_key_with_fifty_inputs_at_once(world: World) -> None:
    """Whichever input comes first has the key; all the others are conflicts."""
    wallet = await world.open()

    answers = await crowd(world.deposit(wallet, amount, key="one") for amount in range(1, 51))

    paid = [answer for answer in answers if isinstance(answer, Entry)]
    assert len(paid) == 1
    assert sum(isinstance(answer, IdempotencyConflict) for answer in answers) == 49
    assert (await world.now(wallet)).total == paid[0].amount


async def test_one_key_for_two_wallets_at_once(world: World) -> None:
    """The key is settled across accounts too: commands that share no account still have one effect."""
    owner = new_id()
    dollars, euros = await world.open("USD", owner_id=owner), await world.open("EUR", owner_id=owner)
    for round_ in range(10):
        answers = await asyncio.gather(
            *(world.deposit(wallet, 5, key=f"round-{round_}") for wallet in (dollars, euros)), return_exceptions=True
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Entry", "IdempotencyConflict"]
    assert (await world.now(dollars)).posted + (await world.now(euros)).posted == 50
    await world.assert_true()


async def test_fifty_holds_at_once_take_no_more_than_there_is(world: World) -> None:
    """Of fifty holds on money for thirty, thirty are placed; a repeat of each answers the same."""
    ada, bob = await world.open(holding=300), await world.open()
    ids = [new_id() for _ in range(50)]

    answers = await crowd(world.hold(ada, bob, 10, id=hold_id) for hold_id in ids)
    again = await crowd(world.hold(ada, bob, 10, id=hold_id) for hold_id in ids)

    assert Counter(type(answer) for answer in answers) == {Hold: 30, InsufficientFunds: 20}
    assert [type(answer) for answer in again] == [type(answer) for answer in answers]
    assert ((await world.now(ada)).held, (await world.now(ada)).available.amount) == (300, 0)
    await world.assert_true()


async def test_fifty_captures_at_once(world: World) -> None:
    """Twenty-five holds, each captured twice at once, move the money once each."""
    ada, bob = await world.open(holding=1000), await world.open()
    holds = [await world.placed(ada, bob, 10) for _ in range(25)]

    await crowd(world.capture(hold.id) for hold in holds * 2)

    assert ((await world.now(ada)).posted, (await world.now(ada)).held, (await world.now(bob)).posted) == (750, 0, 250)
    await world.assert_true()


async def test_capture_and_release_race(world: World) -> None:
    """One of the two wins, the other is told so, and the money is in exactly one place."""
    ada, bob = await world.open(holding=1000), await world.open()
    captured = 0
    for _ in range(25):
        hold = await world.placed(ada, bob, 10)
        capture, release = await asyncio.gather(world.capture(hold.id), world.release(hold.id), return_exceptions=True)
        if isinstance(capture, Hold):
            captured += 1
            assert isinstance(release, HoldCaptured)
        else:
            assert isinstance(capture, HoldReleased)
            assert isinstance(release, Hold)
    assert (await world.now(bob)).posted == 10 * captured
    assert (await world.now(ada)).held == 0
    await world.assert_true()


async def test_hold_and_release_race(world: World) -> None:
    """Whichever comes first, nothing stays held."""
    ada, bob = await world.open(holding=1000), await world.open()
    for _ in range(25):
        hold_id = new_id()
        placed, released = await asyncio.gather(world.hold(ada, bob, 10, id=hold_id), world.release(hold_id))
        if isinstance(placed, Hold):
            assert isinstance(released, Hold)
        else:
            assert isinstance(placed, HoldCancelled)
            assert isinstance(released, HoldCancelled)
        assert (await world.now(ada)).held == 0
    await world.assert_true()


async def test_money_both_ways_at_once_does_not_deadlock(world: World) -> None:
    """Crowds of transfers over the same wallets in opposite directions all go through: locks are taken in one order."""
    people = [await world.open(holding=10_000) for _ in range(4)]
    pairs = [(payer, payee) for payer in people for payee in people if payer is not payee] * 8

    async def transfer(payer: Wallet, payee: Wallet) -> None:
        hold = await world.placed(payer, payee, 10)
        await asyncio.gather(world.capture(hold.id), world.capture(hold.id), world.deposit(payee, 1))

    await crowd(transfer(payer, payee) for payer, payee in pairs)

    assert [(await world.now(person)).posted for person in people] == [10_000 + len(pairs) // 4] * 4
    await world.assert_true()


async def test_the_first_deposits_of_a_currency_make_one_counterpart(own_world: World) -> None:
    """The shards of a currency's system account are made on demand, once, however many ask for them together."""
    wallets = [await own_world.open("JPY") for _ in range(10)]

    await crowd(own_world.deposit(wallet, 100) for wallet in wallets)

    async with own_world.database.read() as connection:
        external = (await connection.execute(select(account).where(account.c.kind == "EXTERNAL"))).all()
    assert {(row.currency, row.shard) for row in external} == {("JPY", shard) for shard in range(64)}
    assert (len(external), sum(row.posted for row in external)) == (64, -1000)
    await own_world.assert_true()


async def test_entries_count_without_a_gap_and_time_does_not_run_back(world: World) -> None:
    """After a crowd, each account's entries are 1, 2, 3 …, in the order of their times."""
    ada, bob = await world.open(holding=100_000), await world.open(holding=100_000)
    holds = await crowd(world.placed(*pair, 10) for pair in [(ada, bob), (bob, ada)] * 10)
    await crowd(world.capture(hold.id) for hold in holds if isinstance(hold, Hold))

    async with world.database.read() as connection:
        for wallet in (ada, bob):
            mine = entries.c.account_id == wallet.id
            rows = (await connection.execute(select(entries).where(mine).order_by(entries.c.seq))).all()
            assert [row.seq for row in rows] == list(range(1, 1 + 10 + 20 + 1))
            assert all(before.at <= after.at for before, after in pairwise(rows))
            assert sums(row.delta_posted for row in rows) == [row.posted_after for row in rows]
            assert sums(row.delta_held for row in rows) == [row.held_after for row in rows]


def sums(deltas: Iterable[int]) -> list[int]:
    """The running totals."""
    total, found = 0, []
    for delta in deltas:
        total += delta
        found.append(total)
    return found


async def test_giving_back_leaves_the_payee_alone(world: World) -> None:
    """A release and an expiry move nothing of the payee's, and go through while somebody else has the payee's row locked."""
    ada, bob = await world.open(holding=100), await world.open()
    released, expired = await world.placed(ada, bob, 10), await world.placed(ada, bob, 20)
    await world.tamper("UPDATE hold SET expires_at = clock_timestamp() WHERE id = :hold", hold=expired.id)

    assert world.owner_url is not None
    owner = await asyncpg.connect(world.owner_url)
    try:
        async with owner.transaction():
            await owner.execute("SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE", bob.id)
            async with asyncio.timeout(20):  # who waited for the row would be refused or still wait: it stays locked
                await world.ledger.post(ReleaseHold(hold_id=released.id))
                await world.ledger.post(ReleaseHold(hold_id=expired.id, expired=True))
    finally:
        await owner.close()

    await world.assert_true()
