"""What must be true after every cell, asked of both databases and of the broker, past the code that is on trial.

S1  every transfer has ended
S2  COMPLETED with exactly one capture; FAILED with none, and nothing is held
S3  no state moves backwards, no version is skipped, and each step has one outcome
S4  what has failed can never happen any more: the wallet has a definite, lasting word on the hold
I   money is conserved; over all cells together, the wallet's own audit finds nothing
E   each thing that has happened is told, as one event, at least once
"""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import asyncpg

from payflow.kernel.db import Database
from subgraphs.transactions.domain import OUT_OF_REVIEW, TRANSITIONS, State, Transfer
from subgraphs.wallet import audit
from tests.failpoints.case import BALANCE, Answer, Case
from tests.failpoints.matrix import CANCELLED, GIVEN_UP, LAPSED, REFUND, REFUSED
from tests.failpoints.process import Place, connected

# Kept by the database itself, so that no state a transfer was ever in goes unseen.
HISTORY = """
CREATE TABLE transfer_history (
    transfer_id uuid, version int, state text, seen bigint GENERATED ALWAYS AS IDENTITY
);
CREATE FUNCTION remember_transfer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO transfer_history (transfer_id, version, state) VALUES (NEW.id, NEW.version, NEW.state);
    RETURN NULL;
END $$;
CREATE TRIGGER remember_transfer AFTER INSERT OR UPDATE OF version, state ON transfers
    FOR EACH ROW EXECUTE FUNCTION remember_transfer();
"""
_STEPS = {(before.value, transition.to.value) for (before, _), transition in TRANSITIONS.items()} | {
    (State.REVIEW.value, transition.to.value) for transition in OUT_OF_REVIEW.values()
}
_FAILURES = {
    REFUSED.name: "INSUFFICIENT_FUNDS",
    LAPSED.name: "HOLD_EXPIRED",
    GIVEN_UP.name: "HOLD_CANCELLED",
    CANCELLED.name: "CANCELLED_BY_OPERATOR",
}
_JOURNALS = {
    REFUSED.name: [],
    GIVEN_UP.name: [],
    LAPSED.name: ["HOLD", "RELEASE"],
    CANCELLED.name: ["HOLD", "RELEASE"],
    REFUND.name: ["HOLD", "CAPTURE", "HOLD", "REFUND"],
}
TOPIC = "transfers.v1"


async def assert_right(place: Place, case: Case, *, first: Answer | None, last: Answer) -> None:
    """Raises AssertionError, naming what is wrong."""
    async with connected(place.superuser_transactions_url) as transactions:
        transfers = await assert_one_transfer(transactions, case)
        for transfer_id in transfers:
            await assert_story(transactions, transfer_id)
    payment_id = transfers[0]
    async with connected(place.superuser_wallet_url) as wallet:
        await assert_one_effect(wallet, case, payment_id)
        await assert_balances(wallet, case)
    assert_told_once(place, case, payment_id)
    assert_same_answer(first, last, payment_id)


async def assert_one_transfer(database: asyncpg.Connection, case: Case) -> list[UUID]:
    """S1, and one transfer a command, however often that came; the payment's id, and its refund's."""
    query = (
        "SELECT id, kind, state, failure_code, refunded, refunding FROM transfers"
        " WHERE $1 IN (payer_id, payee_id) ORDER BY created_at"
    )
    rows = await database.fetch(query, UUID(case.ada))
    failure = _FAILURES.get(case.journey)
    refunded = case.amount if case.journey == REFUND.name else 0
    expected = [("PAYMENT", State.FAILED if failure else State.COMPLETED, failure, refunded, 0)]
    if refunded:
        expected.append(("REFUND", State.COMPLETED, None, 0, 0))
    assert [tuple(row)[1:] for row in rows] == expected
    return [row["id"] for row in rows]


async def assert_story(database: asyncpg.Connection, transfer_id: UUID) -> None:
    """S3, by every version of the row that was ever committed, and by the steps."""
    rows = await database.fetch(
        "SELECT version, state FROM transfer_history WHERE transfer_id = $1 ORDER BY seen", transfer_id
    )
    story = [(row["version"], row["state"]) for row in rows]
    assert [version for version, _ in story] == list(range(1, len(story) + 1)), story
    moves = {(before, after) for (_, before), (_, after) in pairwise(story) if before != after}
    assert moves <= _STEPS, story
    unfinished = "SELECT name, status FROM transfer_steps WHERE transfer_id = $1 AND status = 'RUNNING'"
    assert await database.fetch(unfinished, transfer_id) == []


async def assert_one_effect(database: asyncpg.Connection, case: Case, payment_id: UUID) -> None:
    """S2 and S4: the journals are those of the end, and every hold is resolved, so that nothing can happen any more."""
    rows = await database.fetch("SELECT kind FROM journal WHERE transfer_id = $1 ORDER BY at, id", payment_id)
    expected = _JOURNALS.get(case.journey, ["HOLD", "CAPTURE"])
    kinds = [
        "RELEASE" if row["kind"] == "EXPIRY" else row["kind"] for row in rows
    ]  # whoever was first: saga or sweeper
    assert kinds == expected, kinds
    holds = await database.fetch("SELECT captured, released FROM hold WHERE transfer_id = $1", payment_id)
    whole = (0, case.amount) if "RELEASE" in expected else (case.amount, 0)
    assert [tuple(row) for row in holds] == [whole] * expected.count("HOLD")


async def assert_balances(database: asyncpg.Connection, case: Case) -> None:
    """Everybody has what the end of the journey gives them, and nothing is held."""
    moved = 0 if case.journey in (*_FAILURES, REFUND.name) else case.amount
    for wallet, posted in ((case.ada_wallet, BALANCE - moved), (case.bob_wallet, moved)):
        rows = await database.fetch("SELECT posted, held FROM account WHERE id = $1", UUID(wallet))
        assert [tuple(row) for row in rows] == [(posted, 0)], wallet


async def assert_audit(place: Place) -> None:
    """The wallet's invariants, over everything that any cell has left."""
    database = Database(place.wallet_url)
    try:
        assert await audit.verify(database) == []
    finally:
        await database.close()


def assert_told_once(place: Place, case: Case, payment_id: UUID) -> None:
    """The broker has one event of each thing that has happened, in one or more copies."""
    events = [event for event in place.publisher.published(TOPIC) if event["subject"] == str(payment_id)]
    kinds = ["transfer.failed.v1" if case.journey in _FAILURES else "transfer.completed.v1"]
    if case.journey == REFUND.name:
        kinds.append("transfer.refunded.v1")
    assert sorted({event["id"]: event["type"] for event in events}.values()) == kinds, events


def assert_same_answer(first: Answer | None, last: Answer, payment_id: UUID) -> None:
    """A client that asks again is told of the same transfer, or refused in the same words."""
    if isinstance(last, Transfer):
        assert last.id == payment_id
        assert first is None or (isinstance(first, Transfer) and first.id == payment_id), first
    elif first is not None and not isinstance(first, Transfer):
        assert (type(first), first.message) == (type(last), last.message)
