"""The audit finds what is wrong, names it, and finds nothing in a ledger that is true, also while it is written to."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import text

from payflow.kernel.audit import Violation
from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.settings import Settings
from subgraphs.wallet import audit
from tests.subgraphs.wallet.bookkeeper import Bookkeeper


@pytest.fixture
async def bookkeeper(own_settings: Settings) -> AsyncIterator[Bookkeeper]:
    connection = await asyncpg.connect(own_settings.owner_database_url("wallet"))
    yield Bookkeeper(connection)
    await connection.close()


# What is done behind the triggers' back → the invariants that the audit names. See `a_small_history` for the names.
DAMAGE = {
    "money made from nothing": ("UPDATE account SET posted = posted + 1 WHERE id = {ada}", {"I1", "I3", "I13"}),
    "an entry changed": (
        "UPDATE entry SET delta_posted = delta_posted + 1 WHERE account_id = {ada} AND seq = 1",
        {"I2", "I3", "I6"},
    ),
    "an entry changed with all that follows from it": (
        "UPDATE entry SET delta_posted = delta_posted + 1 WHERE account_id = {ada} AND seq = 1;"
        "UPDATE entry SET posted_after = posted_after + 1 WHERE account_id = {ada};"
        "UPDATE account SET posted = posted + 1 WHERE id = {ada}",
        {"I1", "I2", "I6"},
    ),
    "an entry lost": ("DELETE FROM entry WHERE account_id = {ada} AND seq = 1", {"I2", "I3", "I6"}),
    "a journal without lines": (
        "INSERT INTO journal (id, kind, currency, amount, at, effective_at) VALUES ({new}, 'HOLD', 'USD', 5, now(), now())",
        {"I2"},
    ),
    "a journal in another currency": ("UPDATE journal SET currency = 'EUR' WHERE kind = 'HOLD'", {"I2"}),
    "a journal of another amount": ("UPDATE journal SET amount = 1 WHERE kind = 'DEPOSIT'", {"I2"}),
    "a hold forgotten": ("DELETE FROM hold WHERE id = {open_hold}", {"I3", "I8"}),
    "a hold of another amount": ("UPDATE hold SET amount = amount + 1 WHERE id = {open_hold}", {"I3"}),
    "a floor that does not hold": (
        "ALTER TABLE account DROP CONSTRAINT floor_holds; UPDATE account SET floor = 751 WHERE id = {ada}",
        {"I4"},
    ),
    "held less than nothing": (
        "ALTER TABLE account DROP CONSTRAINT held_is_not_negative; UPDATE account SET held = -1 WHERE id = {bob}",
        {"I3", "I5", "I13"},
    ),
    "a hold that gives out more than it took": (
        "ALTER TABLE hold DROP CONSTRAINT hold_resolves_at_most_once; UPDATE hold SET released = 1 WHERE id = {captured_hold}",
        {"I5"},
    ),
    "time running back": (
        "UPDATE entry SET at = at - interval '1 hour' WHERE account_id = {ada} AND seq = 2",
        {"I6"},
    ),
    "a link of the chain forged": (
        "UPDATE entry SET chain = sha256('forged') WHERE account_id = {ada} AND seq = 1",
        {"I6"},
    ),
    "an entry of another journal": (
        "UPDATE entry SET journal_id = {reversed} WHERE account_id = {ada} AND seq = 2",
        {"I2", "I6"},
    ),
    "a sequence number skipped": ("UPDATE account SET seq = seq + 1 WHERE id = {bob}", {"I6", "I13"}),
    "a guard lost": ("DROP TRIGGER entry_is_append_only ON entry", {"I7"}),
    "the books open to all": ("GRANT UPDATE (posted) ON account TO PUBLIC", {"I7"}),
    "an effect without its key": ("DELETE FROM idempotency WHERE ref = {deposit}", {"I8"}),
    "a key without its effect": ("UPDATE idempotency SET ref = {new} WHERE ref = {deposit}", {"I8"}),
    "an effect under two keys": (
        "INSERT INTO idempotency (scope, key, outcome, ref, result) VALUES ('deposit', 'other', 'OK', {deposit}, '{{}}')",
        {"I8"},
    ),
    "a refused key with an effect": (
        "UPDATE idempotency SET outcome = 'HOLD_CANCELLED', ref = NULL WHERE ref = {open_hold}",
        {"I8", "I10"},
    ),
    "a capture after the hold expired": (
        "UPDATE hold SET expires_at = created_at - interval '5 s' WHERE id = {captured_hold}",
        {"I11"},
    ),
    "a hold resolved otherwise than its journals say": (
        "UPDATE hold SET captured = captured - 1, released = 1 WHERE id = {captured_hold}",
        {"I11"},
    ),
    "refunds beyond the payment": ("UPDATE journal SET kind = 'REFUND' WHERE id = {capture}", {"I11", "I12"}),
    "a reversal of something else": ("UPDATE journal SET reverses = {deposit} WHERE kind = 'REVERSAL'", {"I12"}),
    "a status that nobody gave": ("UPDATE account SET status = 'FROZEN' WHERE id = {ada}", {"I15"}),
    "a closed wallet with money": (
        "UPDATE account SET status = 'CLOSED' WHERE id = {ada};"
        "INSERT INTO account_status_change VALUES ({new}, {ada}, 'OPEN', 'CLOSED', 'why', 'eve', now())",
        {"I15"},
    ),
}


async def a_small_history(bookkeeper: Bookkeeper) -> dict[str, object]:
    """Ada holds 1000 and has an open hold of 250; she has paid Bob 100, who has refunded 40; a deposit of Bob's was reversed."""
    ada, bob = await bookkeeper.open(), await bookkeeper.open()
    deposit = (await bookkeeper.pay("DEPOSIT", ada, 1100))["ref"]
    open_hold = await bookkeeper.hold(ada, bob, 250)
    captured_hold = await bookkeeper.hold(ada, bob, 100)
    capture = await bookkeeper.capture(captured_hold)
    await bookkeeper.capture(await bookkeeper.hold(bob, ada, 40, transfer=captured_hold, purpose="REFUND"))
    reversed_deposit = (await bookkeeper.pay("DEPOSIT", bob, 7))["ref"]
    await bookkeeper.reverse(reversed_deposit)
    return {
        "ada": ada,
        "bob": bob,
        "deposit": deposit,
        "open_hold": open_hold,
        "captured_hold": captured_hold,
        "capture": capture,
        "reversed": reversed_deposit,
        "new": new_id(),
    }


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_found(owner_database: Database, bookkeeper: Bookkeeper, damage: str) -> None:
    """Whatever happens to the ledger past its guards, the audit names the invariants that it breaks, and no others."""
    statements, invariants = DAMAGE[damage]
    known = await a_small_history(bookkeeper)
    assert await audit.verify(owner_database) == []

    await bookkeeper.tamper(statements, **known)

    assert {violation.invariant for violation in await audit.verify(owner_database)} == invariants


async def test_a_violation_tells_what_and_where(owner_database: Database, bookkeeper: Bookkeeper) -> None:
    """It names the invariant, the id and what was found, for a person to read."""
    ada = await bookkeeper.open(holding=1000)
    await bookkeeper.tamper("UPDATE account SET posted = 1001 WHERE id = {ada}", ada=ada)

    found = await audit.verify(owner_database)

    assert sorted(found, key=lambda violation: violation.invariant) == [
        Violation("I1", "USD", "the accounts sum to 1"),
        Violation("I13", str(ada), "posted, held are 1001, 0; its newest entry says 1000, 0"),
        Violation("I3", str(ada), "posted, held are 1001, 0; the entries sum to 1000, 0"),
    ]


async def test_a_guard_that_is_switched_off(owner_database: Database, bookkeeper: Bookkeeper) -> None:
    """A trigger that is there and does nothing is no guard."""
    await bookkeeper.connection.execute("ALTER TABLE journal DISABLE TRIGGER journal_is_append_only")

    assert await audit.verify(owner_database) == [
        Violation("I7", "journal", "its trigger journal_is_append_only is missing or switched off")
    ]


@pytest.mark.parametrize("seed", [11, 12, 13])
async def test_random_histories_are_true(owner_database: Database, bookkeeper: Bookkeeper, seed: int) -> None:
    """Whatever was posted by the function, or refused by it, breaks nothing; read at once, or in two halves."""
    await bookkeeper.live(random.Random(seed), 120)
    async with audit.opened(owner_database) as first:
        assert await first.violations() == []
        assert await first.keep_marks()
    await bookkeeper.live(random.Random(-seed), 60)

    async with audit.opened(owner_database) as second:
        assert second.since is not None
        assert await second.violations() == []
    assert await audit.verify(owner_database) == []


async def test_the_audit_sees_one_moment(own_settings: Settings, owner_database: Database) -> None:
    """Audits that run while money moves find nothing, since all their checks look at one snapshot."""

    async def traffic() -> None:
        connection = await asyncpg.connect(own_settings.owner_database_url("wallet"))
        mine = Bookkeeper(connection)
        await mine.live(random.Random(1), 60)
        await connection.close()

    moving = [asyncio.create_task(traffic()) for _ in range(3)]
    audits = 0
    while not all(task.done() for task in moving):
        assert await audit.verify(owner_database) == []
        audits += 1
    await asyncio.gather(*moving)
    assert audits > 1


async def test_who_serves_may_audit_and_keeps_no_marks(own_settings: Settings, bookkeeper: Bookkeeper) -> None:
    """Reading is enough for an audit of everything; the marks are the owner's."""
    await bookkeeper.open(holding=5)
    served = Database(own_settings.database_url("wallet"))

    async with audit.opened(served) as books:
        assert books.since is None
        assert await books.violations() == []
        assert not await books.keep_marks()
    await served.close()


async def marked(owner_database: Database) -> None:
    """Verify, and let the next audit begin there."""
    async with audit.opened(owner_database) as books:
        assert await books.violations() == []
        assert await books.keep_marks()


async def found_since(owner_database: Database) -> set[tuple[str, str]]:
    async with audit.opened(owner_database) as books:
        assert books.since is not None
        return {(violation.invariant, violation.subject) for violation in await books.violations()}


async def test_the_next_audit_reads_on(owner_database: Database, bookkeeper: Bookkeeper) -> None:
    """New damage is found; old damage that leaves the balances alone is left to a full audit, which forgets nothing."""
    ada = await bookkeeper.open(holding=100)
    await bookkeeper.pay("DEPOSIT", ada, 10)
    await marked(owner_database)
    await bookkeeper.pay("DEPOSIT", ada, 10)
    forge = "UPDATE entry SET chain = sha256('forged') WHERE account_id = {ada} AND seq = "

    await bookkeeper.tamper(forge + "1", ada=ada)
    assert await found_since(owner_database) == set()
    assert {violation.invariant for violation in await audit.verify(owner_database)} == {"I6"}

    await bookkeeper.tamper(forge + "3", ada=ada)
    assert await found_since(owner_database) == {("I6", str(ada))}


async def test_what_was_verified_cannot_be_written_anew(owner_database: Database, bookkeeper: Bookkeeper) -> None:
    """Whoever forges the whole chain up to its head forges another head than the one that was marked: found without reading it all."""
    ada = await bookkeeper.open(holding=100)
    await marked(owner_database)

    await bookkeeper.tamper(
        "UPDATE entry SET chain = sha256('new') WHERE account_id = {ada};"
        "UPDATE account SET chain = sha256('new') WHERE id = {ada}",
        ada=ada,
    )

    assert await found_since(owner_database) == {("I7", str(ada))}


async def test_marks_are_those_of_the_snapshot(owner_database: Database, bookkeeper: Bookkeeper) -> None:
    """What is written between an audit's look and its marks is read by the next one."""
    ada = await bookkeeper.open(holding=100)
    async with audit.opened(owner_database) as books:
        assert (await books.checked())["entries"] == 2
        await bookkeeper.pay("DEPOSIT", ada, 10)
        await bookkeeper.tamper("UPDATE entry SET chain = sha256('x') WHERE account_id = {ada} AND seq = 2", ada=ada)
        assert await books.violations() == []
        assert await books.keep_marks()

    assert ("I6", str(ada)) in await found_since(owner_database)


async def test_from_a_moment_on(owner_database: Database, bookkeeper: Bookkeeper) -> None:
    """With `since`, what is older is taken as it is, and no marks are read or needed."""
    ada = await bookkeeper.open(holding=100)
    await bookkeeper.tamper("UPDATE entry SET chain = sha256('x') WHERE account_id = {ada}", ada=ada)
    later = datetime.now(UTC) + timedelta(minutes=1)

    async with audit.opened(owner_database, since=later) as books:
        found = {violation.message for violation in await books.violations()}
    async with audit.opened(owner_database, since=later - timedelta(hours=1)) as books:
        assert any("entry 1 is not as it was written" in violation.message for violation in await books.violations())

    assert found == {"the head of its audit chain is not its newest entry's"}


async def test_the_audit_writes_nothing(owner_database: Database) -> None:
    """Its transactions are read-only and repeatable, so that it can run anywhere, a replica included."""
    async with audit.opened(owner_database) as books:
        mode = await books.connection.execute(
            text("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
        )
        assert tuple(mode.one()) == ("repeatable read", "on")
