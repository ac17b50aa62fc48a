"""What the database itself refuses, whoever writes: each tampering here is plain SQL, past all our code."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from payflow.kernel.ids import new_id
from subgraphs.wallet.domain import Hold, Wallet
from tests.subgraphs.wallet.world import World

JOURNAL = (
    "INSERT INTO journal (id, kind, currency, amount, at, effective_at)"
    " VALUES (:new, 'DEPOSIT', 'USD', 5, now(), now());"
)


def entry(
    *, seq: int, delta: int, after: int, held: int = 250, of: str = "wallet", journal: str = "CAST(:new AS uuid)"
) -> str:
    """SQL that writes one entry with its chain, and moves its account, as the posting function would."""
    chain = (
        f"entry_chain(coalesce((SELECT chain FROM entry WHERE account_id = CAST(:{of} AS uuid) AND seq = {seq} - 1), ''),"
        f" CAST(:{of} AS uuid), {seq}, {journal}, {delta}, 0, {after}, {held}, now())"
    )
    return (
        f"WITH moved AS (UPDATE account SET posted = {after}, held = {held}, seq = {seq}, last_at = now(),"
        f" chain = {chain} WHERE id = CAST(:{of} AS uuid))"
        " INSERT INTO entry (account_id, seq, journal_id, delta_posted, delta_held, posted_after, held_after, at, chain)"
        f" VALUES (CAST(:{of} AS uuid), {seq}, {journal}, {delta}, 0, {after}, {held}, now(), {chain});"
    )


FIRST_JOURNAL = "(SELECT journal_id FROM entry WHERE account_id = CAST(:wallet AS uuid) AND seq = 1)"

# what is tried on a wallet with 1000 posted, 250 of them held, at seq 2 → what the database says
TAMPERING = {
    "overdrawing": ("UPDATE account SET posted = posted - 751 WHERE id = :wallet", "floor_holds"),
    "holding less than nothing": ("UPDATE account SET held = -1 WHERE id = :wallet", "held_is_not_negative"),
    "a balance that JSON would round": (
        "UPDATE account SET posted = 9007199254740992 WHERE id = :wallet",
        "owned_balances_are_exact_in_json",
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
        "INSERT INTO account (id, kind, currency, posted) VALUES (:new, 'EXTERNAL', 'XAU', 5)",
        "does not stand where its entry 0 says",
    ),
    "another owner": ("UPDATE account SET owner_id = :new WHERE id = :wallet", "never changed"),
    "another currency": ("UPDATE account SET currency = 'EUR' WHERE id = :wallet", "never changed"),
    "a wallet without an owner": (
        "INSERT INTO account (id, kind, currency, floor) VALUES (:new, 'USER', 'EUR', 0)",
        "owned_accounts_have_owners",
    ),
    "a wallet without a floor": (
        "INSERT INTO account (id, owner_id, kind, currency) VALUES (:new, :new, 'USER', 'EUR')",
        "owned_accounts_have_floors",
    ),
    "a second external account": (
        "INSERT INTO account (id, kind, currency) VALUES (:new, 'EXTERNAL', 'USD')",
        "account_owner_kind_currency_shard",
    ),
    "a second wallet of a currency": (
        "INSERT INTO account (id, owner_id, kind, currency, floor) SELECT :new, owner_id, kind, currency, 0 FROM account"
        " WHERE id = :other",
        "account_owner_kind_currency_shard",
    ),
    "a wallet in shards": (
        "INSERT INTO account (id, owner_id, kind, currency, floor, shard) VALUES (:new, :new, 'USER', 'EUR', 0, 1)",
        "only_system_accounts_have_shards",
    ),
    "a seventeenth shard": (
        "INSERT INTO account (id, kind, currency, shard) VALUES (:new, 'EXTERNAL', 'USD', 64)",
        "only_system_accounts_have_shards",
    ),
    "closing a wallet that is not empty": (
        "UPDATE account SET status = 'CLOSED' WHERE id = :wallet",
        "closed_is_empty",
    ),
    "reopening a wallet": (
        "UPDATE account SET status = 'CLOSED' WHERE id = :other; UPDATE account SET status = 'OPEN' WHERE id = :other",
        "closed, for ever",
    ),
    "a status change forgotten": (
        "INSERT INTO account_status_change VALUES (:new, :other, 'OPEN', 'FROZEN', 'r', 'a', now());"
        "DELETE FROM account_status_change WHERE id = :new",
        "account_status_change is never changed",
    ),
    "status changes truncated": ("TRUNCATE account_status_change", "account_status_change is never changed"),
    "a journal reversed twice": (
        f"INSERT INTO journal SELECT :new, 'REVERSAL', NULL, 'USD', 5, now(), {FIRST_JOURNAL}, now();"
        f"INSERT INTO journal SELECT :other, 'REVERSAL', NULL, 'USD', 5, now(), {FIRST_JOURNAL}, now()",
        "journal_reversed_once",
    ),
    "a reversal of nothing": (JOURNAL.replace("DEPOSIT", "REVERSAL"), "reversals_name_what_they_reverse"),
    "a hold for another amount": ("UPDATE hold SET amount = 9000 WHERE id = :hold", "what a hold is about"),
    "a hold deleted": ("DELETE FROM hold WHERE id = :hold", "hold is never changed or deleted"),
    "holds truncated": ("TRUNCATE hold", "hold is never changed or deleted"),
    "a key set free": ("DELETE FROM idempotency WHERE ref = :hold", "idempotency is never changed or deleted"),
    "a key's answer changed": (
        "UPDATE idempotency SET fingerprint = NULL WHERE ref = :hold",
        "idempotency is never changed or deleted",
    ),
    "keys truncated": ("TRUNCATE idempotency", "idempotency is never changed or deleted"),
    "a hold that expired and gave nothing back": (
        "UPDATE hold SET expired = true WHERE id = :hold",
        "what_expired_was_given_back",
    ),
    "an account deleted": ("DELETE FROM account WHERE id = :wallet", "account is never changed or deleted"),
    "accounts truncated": ("TRUNCATE account CASCADE", "is never changed"),
    "an entry of no journal": (entry(seq=3, delta=5, after=1005), "or no journal"),
    "an entry of no account": (
        JOURNAL + entry(seq=1, delta=5, after=5, held=0).replace(":wallet", ":new"),
        "has no account",
    ),
    "an entry changed": ("UPDATE entry SET delta_posted = 9 WHERE account_id = :wallet", "entry is never changed"),
    "an entry deleted": ("DELETE FROM entry WHERE account_id = :wallet", "entry is never changed"),
    "entries truncated": ("TRUNCATE entry", "entry is never changed"),
    "a journal changed": ("UPDATE journal SET amount = 9", "journal is never changed"),
    "a journal deleted": ("DELETE FROM journal", "journal is never changed"),
    "journals truncated": ("TRUNCATE journal CASCADE", "never changed"),
    "a journal without lines": (JOURNAL, "does not balance: 0 lines"),
    "a journal with one side": (JOURNAL + entry(seq=3, delta=5, after=1005), "does not balance: 1 lines, sum 5"),
    "a line added to an old journal": (
        entry(seq=1, delta=1000, after=1000, held=0, of="other", journal=FIRST_JOURNAL),
        "is of another time",
    ),
    "a line of nothing added to an old journal": (
        JOURNAL + entry(seq=1, delta=0, after=0, held=0, of="other", journal=FIRST_JOURNAL),
        "entry_changes_something",
    ),
    "lines that balance added to an old journal": (
        entry(seq=3, delta=-5, after=995, journal=FIRST_JOURNAL.replace("1)", "2)"))
        + entry(seq=1, delta=5, after=5, held=0, of="other", journal=FIRST_JOURNAL.replace("1)", "2)")),
        "is of another time|entry_one_line_per_account",
    ),
    "a gap": (JOURNAL + entry(seq=4, delta=5, after=1005), "does not follow"),
    "a number used twice": (JOURNAL + entry(seq=2, delta=5, after=1005), "entry_pkey"),
    "a wrong sum": (JOURNAL + entry(seq=3, delta=5, after=1006), "does not follow"),
    "a broken chain": (
        JOURNAL + entry(seq=3, delta=5, after=1005).replace("coalesce((SELECT", "coalesce((SELECT 'x' || "),
        "does not follow",
    ),
    "an entry that its account does not reach": (
        JOURNAL + re.sub(r"WITH moved AS .* INSERT", "INSERT", entry(seq=3, delta=5, after=1005)),
        "does not stand where its entry 3 says",
    ),
    "an account put back to an older entry": (
        "UPDATE account SET posted = 1000, held = 0, seq = 1, last_at = entry.at, chain = entry.chain FROM entry"
        " WHERE account.id = :wallet AND entry.account_id = :wallet AND entry.seq = 1",
        "does not stand where its entry 1 says",
    ),
    "another chain": ("UPDATE account SET chain = 'x' WHERE id = :wallet", "does not stand where its entry 2 says"),
    "an entry of no effect": (JOURNAL + entry(seq=3, delta=0, after=1000), "entry_changes_something"),
    "an amount of nothing": (JOURNAL.replace("5,", "0,"), "journal_amount_is_in_bounds"),
    "a hold that gives out more than it took": (
        "UPDATE hold SET captured = 200, released = 51 WHERE id = :hold",
        "hold_resolves_at_most_once",
    ),
    "a hold on nothing": (
        "INSERT INTO hold (id, account_id, payee_id, transfer_id, amount, expires_at, created_at)"
        " VALUES (:new, :wallet, :other, :new, 0, now(), now())",
        "hold_amount_is_positive",
    ),
    "a hold for oneself": (
        "INSERT INTO hold (id, account_id, payee_id, transfer_id, amount, expires_at, created_at)"
        " VALUES (:new, :wallet, :wallet, :new, 5, now(), now())",
        "hold_has_two_sides",
    ),
    "an acceptance without an effect": (
        "INSERT INTO idempotency (scope, key, outcome, result) VALUES ('deposit', 'k', 'OK', '{}')",
        "what_is_ok_has_an_effect",
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
    early = entry(seq=3, delta=5, after=1005).replace("now()", "now() - interval '1 hour'")

    with pytest.raises(DBAPIError, match="does not follow"):
        await world.tamper(JOURNAL.replace("now()", "now() - interval '1 hour'") + early, wallet=ada.id, new=new_id())


async def test_the_clock_may_step_back(own_world: World) -> None:
    """Where the account's last time lies in the future, the next entry takes that time rather than an earlier one."""
    ada, _, _ = await scene(own_world)
    future = "clock_timestamp() + interval '1 hour'"
    await own_world.tamper(
        "ALTER TABLE entry DISABLE TRIGGER USER; ALTER TABLE account DISABLE TRIGGER USER;"
        f"UPDATE entry SET at = {future} WHERE account_id = :wallet AND seq = 2;"
        "UPDATE account SET last_at = entry.at FROM entry"
        " WHERE account.id = :wallet AND entry.account_id = :wallet AND entry.seq = 2",
        wallet=ada.id,
    )
    await own_world.tamper("ALTER TABLE entry ENABLE TRIGGER USER; ALTER TABLE account ENABLE TRIGGER USER")

    await own_world.deposit(ada, 1)

    async with own_world.database.read() as connection:
        query = text("SELECT at FROM entry WHERE account_id = :wallet ORDER BY seq DESC LIMIT 2")
        newest, before = (await connection.execute(query, {"wallet": ada.id})).scalars()
    assert newest == before


async def test_a_foreign_currency_in_a_journal_is_refused(world: World) -> None:
    """A journal in dollars has no line on an account in euros."""
    euros = await world.open("EUR")

    with pytest.raises(DBAPIError, match="a line in another currency"):
        await world.tamper(JOURNAL + entry(seq=1, delta=5, after=5, held=0), wallet=euros.id, new=new_id())


async def test_the_commit_has_the_last_word(own_world: World) -> None:
    """Where the rules on entries are switched off, a journal that does not balance still cannot be committed."""
    ada, _, _ = await scene(own_world)
    await own_world.tamper("ALTER TABLE entry DISABLE TRIGGER entries_follow")

    with pytest.raises(DBAPIError, match="does not balance: 1 lines, sum 5"):
        await own_world.tamper(JOURNAL + entry(seq=3, delta=5, after=1005), wallet=ada.id, new=new_id())
