"""The audit finds what is wrong, names it, and finds nothing in a ledger that is true, also while it is written to."""

from __future__ import annotations

import asyncio

import pytest

from payflow.kernel.ids import new_id
from subgraphs.wallet import audit
from tests.subgraphs.wallet.world import World

UNGUARDED = "".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in ("account", "journal", "entry"))

# What is done behind the triggers' back → the invariants that the audit names.
DAMAGE = {
    "money made from nothing": ("UPDATE account SET posted = posted + 1 WHERE id = :wallet", {"I1", "I3"}),
    "an entry changed": (
        "UPDATE entry SET delta_posted = delta_posted + 1 WHERE account_id = :wallet AND seq = 1",
        {"I2", "I3", "I6"},
    ),
    "an entry lost": ("DELETE FROM entry WHERE account_id = :wallet AND seq = 1", {"I2", "I3", "I6"}),
    "a journal without lines": (
        "INSERT INTO journal VALUES (:new, 'CAPTURE', NULL, 'USD', 5, now(), NULL, now())",
        {"I2"},
    ),
    "a journal in another currency": ("UPDATE journal SET currency = 'EUR' WHERE kind = 'HOLD'", {"I2"}),
    "a hold forgotten": ("DELETE FROM hold WHERE id = :hold", {"I3", "I8"}),
    "a hold captured without a posting": ("UPDATE hold SET captured = amount WHERE id = :hold", {"I3"}),
    "a floor that does not hold": (
        "ALTER TABLE account DROP CONSTRAINT floor_holds; UPDATE account SET floor = 751 WHERE id = :wallet",
        {"I4"},
    ),
    "held less than nothing": (
        "ALTER TABLE account DROP CONSTRAINT held_is_not_negative; UPDATE account SET held = -1 WHERE id = :wallet",
        {"I3", "I5"},
    ),
    "a hold that gives out more than it took": (
        "ALTER TABLE hold DROP CONSTRAINT hold_resolves_at_most_once; UPDATE hold SET released = 251 WHERE id = :hold",
        {"I3", "I5"},
    ),
    "time running back": (
        "UPDATE entry SET at = at - interval '1 hour' WHERE account_id = :wallet AND seq = 2",
        {"I6"},
    ),
    "a sequence number skipped": ("UPDATE account SET seq = 3 WHERE id = :wallet", {"I6"}),
    "an effect without its key": ("DELETE FROM idempotency WHERE scope LIKE 'deposit:%'", {"I8"}),
    "a key without its effect": ("UPDATE idempotency SET ref = :new WHERE scope LIKE 'deposit:%'", {"I8"}),
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_found(own_world: World, damage: str) -> None:
    """Whatever happens to the ledger past its guards, the audit names the invariants that it breaks, and no others."""
    statements, invariants = DAMAGE[damage]
    ada, bob = await own_world.open(holding=1000), await own_world.open()
    hold = await own_world.placed(ada, bob, 250)
    await own_world.assert_true()

    await own_world.tamper(UNGUARDED + statements, wallet=ada.id, hold=hold.id, new=new_id())

    found = await audit.verify(own_world.database)
    assert {violation.invariant for violation in found} == invariants


async def test_a_violation_tells_what_and_where(own_world: World) -> None:
    """It names the invariant, the id and what was found, for a person to read."""
    ada = await own_world.open(holding=1000)
    await own_world.tamper(UNGUARDED + "UPDATE account SET posted = 1001 WHERE id = :wallet", wallet=ada.id)

    first, second = await audit.verify(own_world.database)

    assert (first.invariant, first.subject, first.message) == (
        "I1",
        "USD",
        "the accounts of a currency do not sum to zero: 1",
    )
    assert second.subject == str(ada.id)
    assert second.message.endswith("entries say (posted, held): (1000, 0)")


async def test_the_audit_sees_one_moment(own_world: World) -> None:
    """Audits that run while money moves find nothing, since all their checks look at one snapshot."""
    ada, bob = await own_world.open(holding=10_000), await own_world.open(holding=10_000)

    async def traffic() -> None:
        for _ in range(20):
            hold = await own_world.placed(ada, bob, 10)
            await own_world.capture(hold.id)

    moving = [asyncio.create_task(traffic()) for _ in range(4)]
    audits = 0
    while not all(task.done() for task in moving):
        await own_world.assert_true()
        audits += 1
    await asyncio.gather(*moving)
    assert audits > 1


async def test_the_audit_writes_nothing(own_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its transaction is read-only and repeatable, so that it can run anywhere, a replica included."""
    modes = audit.Check(
        "mode",
        "",
        "SELECT current_setting('transaction_isolation') AS subject, current_setting('transaction_read_only') AS found",
    )
    monkeypatch.setattr(audit, "CHECKS", (modes,))

    assert await audit.verify(own_world.database) == [audit.Violation("mode", "repeatable read", ": on")]
