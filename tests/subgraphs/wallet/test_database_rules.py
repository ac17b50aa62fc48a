"""What the database itself refuses, whoever writes: each tampering here is plain SQL, past all our code."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import postings
from subgraphs.wallet.domain import Hold, Journal, JournalKind, Line, Wallet
from tests.subgraphs.wallet.world import World

JOURNAL = "INSERT INTO journal (id, kind, currency, amount, at) VALUES (:new, 'DEPOSIT', 'USD', 5, clock_timestamp());"
ENTRY = (
    "INSERT INTO entry (account_id, seq, journal_id, delta_posted, delta_held, posted_after, held_after, at)"
    " VALUES (:wallet, {seq}, :new, {delta}, 0, {after}, 250, clock_timestamp());"
)

# what is tried on a wallet with 1000 posted, 250 of them held, at seq 2 → what the database says
TAMPERING = {
    "overdrawing": ("UPDATE account SET posted = posted - 751 WHERE id = :wallet", "floor_holds"),
    "holding less than nothing": ("UPDATE account SET held = -1 WHERE id = :wallet", "held_is_not_negative"),
    "a balance that JSON would round": (
        "UPDATE account SET posted = 9007199254740992 WHERE id = :wallet",
        "users_balances_are_exact_in_json",
    ),
    "a balance from nowhere": (
        "UPDATE account SET posted = posted + 1 WHERE id = :wallet",
        "does not stand where its entry 2 says",
    ),
    "a hold's money unheld": (
        "UPDATE account SET held = 0 WHERE id = :wallet",
        "does not stand where its entry 2 says",
    ),
    "an account that begins with money": (
        "INSERT INTO account (id, kind, currency, posted) VALUES (:new, 'EXTERNAL', 'EUR', 5)",
        "does not stand where its entry 0 says",
    ),
    "another owner": ("UPDATE account SET owner_id = :new WHERE id = :wallet", "never changed"),
    "another currency": ("UPDATE account SET currency = 'EUR' WHERE id = :wallet", "never changed"),
    "a wallet without an owner": (
        "INSERT INTO account (id, kind, currency, floor) VALUES (:new, 'USER', 'EUR', 0)",
        "users_accounts_have_owners",
    ),
    "a wallet without a floor": (
        "INSERT INTO account (id, owner_id, kind, currency) VALUES (:new, :new, 'USER', 'EUR')",
        "users_accounts_have_floors",
    ),
    "a second external account": (
        "INSERT INTO account (id, kind, currency) VALUES (:new, 'EXTERNAL', 'USD')",
        "account_owner_kind_currency",
    ),
    "an account deleted": ("DELETE FROM account WHERE id = :wallet", "foreign key"),
    "an entry changed": ("UPDATE entry SET delta_posted = 9 WHERE account_id = :wallet", "entry is never changed"),
    "an entry deleted": ("DELETE FROM entry WHERE account_id = :wallet", "entry is never changed"),
    "entries truncated": ("TRUNCATE entry", "entry is never changed"),
    "a journal changed": ("UPDATE journal SET amount = 9", "journal is never changed"),
    "a journal deleted": ("DELETE FROM journal", "journal is never changed"),
    "journals truncated": ("TRUNCATE journal CASCADE", "never changed"),
    "a journal without lines": (JOURNAL, "does not balance: 0 lines"),
    "a journal with one side": (
        JOURNAL
        + ENTRY.format(seq=3, delta=5, after=1005)
        + "UPDATE account SET posted = 1005, seq = 3, last_at = entry.at FROM entry"
        " WHERE account.id = :wallet AND entry.account_id = :wallet AND entry.seq = 3",
        "does not balance: 1 lines, sum 5",
    ),
    "a line added to an old journal": (
        "INSERT INTO entry SELECT :other, 1, journal_id, 1000, 0, 1000, 0, at FROM entry WHERE account_id = :wallet AND seq = 1;"
        "UPDATE account SET posted = 1000, seq = 1, last_at = entry.at FROM entry"
        " WHERE account.id = :other AND entry.account_id = :other",
        "does not balance: 3 lines",
    ),
    "a gap": (JOURNAL + ENTRY.format(seq=4, delta=5, after=1005), "does not follow"),
    "a number used twice": (JOURNAL + ENTRY.format(seq=2, delta=5, after=1005), "entry_pkey"),
    "a wrong sum": (JOURNAL + ENTRY.format(seq=3, delta=5, after=1006), "does not follow"),
    "an entry of no effect": (JOURNAL + ENTRY.format(seq=3, delta=0, after=1000), "entry_changes_something"),
    "an amount of nothing": (JOURNAL.replace("5,", "0,"), "journal_amount_is_in_bounds"),
    "a hold that gives out more than it took": (
        "UPDATE hold SET captured = 200, released = 51 WHERE id = :hold",
        "hold_resolves_at_most_once",
    ),
    "a hold on nothing": ("UPDATE hold SET amount = 0 WHERE id = :hold", "hold_amount_is_positive"),
    "a hold for oneself": ("UPDATE hold SET payee_id = account_id WHERE id = :hold", "hold_has_two_sides"),
    "an acceptance without an effect": (
        "INSERT INTO idempotency (scope, key, outcome) VALUES ('deposit', 'k', 'ACCEPTED')",
        "what_is_accepted_has_an_effect",
    ),
}


async def scene(world: World) -> tuple[Wallet, Wallet, Hold]:
    """A wallet with 1000 posted of which 250 are held, an empty one, and the hold between them."""
    ada, bob = await world.open(holding=1000), await world.open()
    return ada, bob, await world.placed(ada, bob, 250)


@pytest.mark.parametrize("attempt", TAMPERING)
async def test_tampering_is_refused(world: World, attempt: str) -> None:
    """Each attempt fails with the name of the rule that it breaks, and changes nothing."""
    statements, rule = TAMPERING[attempt]
    ada, bob, hold = await scene(world)

    with pytest.raises(DBAPIError, match=rule):
        await world.tamper(statements, wallet=ada.id, other=bob.id, hold=hold.id, new=new_id())

    await world.assert_true()


async def test_time_does_not_run_back(world: World) -> None:
    """An entry before its predecessor's time is refused, whatever else is right about it."""
    ada, _, _ = await scene(world)
    statements = JOURNAL + (
        "INSERT INTO entry SELECT account_id, 3, :new, 5, 0, posted_after + 5, held_after, at - interval '1 second'"
        " FROM entry WHERE account_id = :wallet AND seq = 2"
    )

    with pytest.raises(DBAPIError, match="does not follow"):
        await world.tamper(statements, wallet=ada.id, new=new_id())


async def test_the_clock_may_step_back(own_world: World) -> None:
    """Where the account's last time lies in the future, the next entry takes that time rather than an earlier one."""
    ada, _, _ = await scene(own_world)
    future = "clock_timestamp() + interval '1 hour'"
    await own_world.tamper(
        "ALTER TABLE entry DISABLE TRIGGER USER;"
        f"UPDATE entry SET at = {future} WHERE account_id = :wallet AND seq = 2;"
        "UPDATE account SET last_at = entry.at FROM entry"
        " WHERE account.id = :wallet AND entry.account_id = :wallet AND entry.seq = 2",
        wallet=ada.id,
    )
    await own_world.tamper("ALTER TABLE entry ENABLE TRIGGER USER")

    await own_world.deposit(ada, 1)

    async with own_world.database.read() as connection:
        query = text("SELECT at FROM entry WHERE account_id = :wallet ORDER BY seq DESC LIMIT 2")
        newest, before = (await connection.execute(query, {"wallet": ada.id})).scalars()
    assert newest == before


async def test_a_foreign_currency_in_a_journal_is_refused(world: World) -> None:
    """A journal that sums to zero over two currencies does not balance."""
    dollars, euros = await world.open("USD", holding=100), await world.open("EUR")
    lines = Line(dollars.id, posted=-5), Line(euros.id, posted=5)

    with pytest.raises(DBAPIError, match="1 in another currency"):
        await posted(world, *lines)

    await world.assert_true()


async def test_a_line_for_no_account_is_refused(world: World) -> None:
    """A journal that names an account which does not exist is not written."""
    ada = await world.open(holding=100)

    with pytest.raises(AssertionError, match="does not exist"):
        await posted(world, Line(ada.id, posted=-5), Line(new_id(), posted=5))

    await world.assert_true()


async def posted(world: World, *lines: Line) -> None:
    """Post the lines as they are."""
    async with world.database.unit_of_work() as work:
        await postings.lock(work, [line.account_id for line in lines])
        await postings.post(work, Journal(JournalKind.CAPTURE, Money(5, "USD"), lines))
