"""Postings: the one place that locks accounts and writes entries.

Locks are taken in one order everywhere, so that nobody waits in a circle: accounts by id, then the hold, then the idempotency key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from payflow.kernel.db import UnitOfWork
from subgraphs.wallet.domain import AccountKind, Journal, Wallet
from subgraphs.wallet.store import WALLET_COLUMNS, wallet_of
from subgraphs.wallet.tables import account

# `at` is taken under the locks, since a transaction's own now() may lie before what it waited for; the clock itself may step
# back, an account's time does not. The balances after are the database's own sums over the rows that it has locked.
_POST = text("""
    WITH line AS (
        SELECT * FROM unnest(CAST(:accounts AS uuid[]), CAST(:posted AS bigint[]), CAST(:held AS bigint[]))
                   AS line (account_id, posted, held)
    ), moment AS MATERIALIZED (
        SELECT greatest(clock_timestamp(), max(account.last_at)) AS at
          FROM account WHERE account.id = ANY (CAST(:accounts AS uuid[]))
    ), written AS (
        INSERT INTO journal (id, kind, transfer_id, currency, amount, at)
        SELECT :id, :kind, :transfer_id, :currency, :amount, moment.at FROM moment
    ), moved AS (
        UPDATE account
           SET posted = account.posted + line.posted, held = account.held + line.held,
               seq = account.seq + 1, last_at = moment.at
          FROM line, moment
         WHERE account.id = line.account_id
        RETURNING account.id, account.seq, line.posted AS delta_posted, line.held AS delta_held,
                  account.posted AS posted_after, account.held AS held_after, account.last_at
    )
    INSERT INTO entry (account_id, seq, journal_id, delta_posted, delta_held, posted_after, held_after, at)
    SELECT id, seq, :id, delta_posted, delta_held, posted_after, held_after, last_at FROM moved
    RETURNING account_id, seq, posted_after, at
""")


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a line left its account."""

    seq: int
    posted_after: int
    at: datetime


async def lock(work: UnitOfWork, account_ids: Sequence[UUID]) -> dict[UUID, Wallet]:
    """Lock the accounts until the commit; answers those that are wallets, as they stand now."""
    query = (
        select(*WALLET_COLUMNS, account.c.kind)
        .where(account.c.id.in_(account_ids))
        .order_by(account.c.id)
        .with_for_update(key_share=True)  # FOR NO KEY UPDATE: foreign keys may go on pointing here
    )
    rows = (await work.connection.execute(query)).all()
    return {row.id: wallet_of(row) for row in rows if row.kind == AccountKind.USER.value}


async def post(work: UnitOfWork, journal: Journal) -> dict[UUID, Posted]:
    """Write the journal and its entries and move the balances, all in one statement. The accounts are locked by the caller.

    A line that breaks a floor, or a journal that does not balance, is refused by the database: that is a fault of ours.
    """
    parameters = {
        "id": journal.id,
        "kind": journal.kind.value,
        "transfer_id": journal.transfer_id,
        "currency": journal.amount.currency,
        "amount": journal.amount.amount,
        "accounts": [line.account_id for line in journal.lines],
        "posted": [line.posted for line in journal.lines],
        "held": [line.held for line in journal.lines],
    }
    rows = (await work.connection.execute(_POST, parameters)).all()
    assert len(rows) == len(journal.lines), f"{journal.kind} {journal.id} names an account that does not exist"
    return {row.account_id: Posted(row.seq, row.posted_after, row.at) for row in rows}
