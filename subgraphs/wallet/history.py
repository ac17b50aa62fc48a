"""Everything that ever changed a wallet, for operators and auditors: each entry with its journal, and whether the audit chain is whole.

Unlike a statement it also tells holds and releases, who made a correction and why, and every change of status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.wallet.commands import WalletStatus

STATUS_CHANGES_MAX = 100  # of one wallet, newest first; each was typed by somebody


@dataclass(frozen=True, slots=True)
class Change:
    """An entry, in minor units. `chained`: its digest is that of what it says and of the chain before it."""

    seq: int
    at: datetime
    journal_id: UUID
    kind: str
    posted: int
    held: int
    posted_after: int
    held_after: int
    transfer_id: UUID | None
    reverses: UUID | None
    actor: str | None
    reason: str | None
    chained: bool


@dataclass(frozen=True, slots=True)
class StatusChange:
    was: WalletStatus
    became: WalletStatus
    reason: str
    actor: str
    at: datetime


_CHANGES = text("""
    SELECT entry.seq, entry.at, entry.journal_id, journal.kind, entry.delta_posted AS posted, entry.delta_held AS held,
           entry.posted_after, entry.held_after, journal.transfer_id, journal.reverses, journal.actor, journal.reason,
           entry.chain = entry_chain(
               coalesce(previous.chain, ''::bytea), entry.account_id, entry.seq, entry.journal_id, entry.delta_posted,
               entry.delta_held, entry.posted_after, entry.held_after, entry.at) AS chained
      FROM entry
      JOIN journal ON journal.id = entry.journal_id
      LEFT JOIN entry AS previous ON previous.account_id = entry.account_id AND previous.seq = entry.seq - 1
     WHERE entry.account_id = :wallet AND entry.seq < coalesce(CAST(:before AS bigint), 9223372036854775807)
     ORDER BY entry.seq DESC
     LIMIT :most
""")

_HEAD = text("""
    SELECT account.chain = coalesce(newest.chain, ''::bytea) AS whole
      FROM account LEFT JOIN entry AS newest ON newest.account_id = account.id AND newest.seq = account.seq
     WHERE account.id = :wallet
""")

_STATUS_CHANGES = text("""
    SELECT from_status, to_status, reason, actor, at FROM account_status_change
     WHERE account_id = :wallet ORDER BY at DESC, id DESC LIMIT :most
""")


async def changes(
    connection: AsyncConnection, wallet_id: UUID, *, before: int | None = None, most: int
) -> Sequence[Change]:
    """The newest changes of the wallet before the sequence number (None: the newest of all), newest first."""
    rows = await connection.execute(_CHANGES, {"wallet": wallet_id, "before": before, "most": most})
    return [Change(**row._mapping) for row in rows]


async def head_is_whole(connection: AsyncConnection, wallet_id: UUID) -> bool:
    """Whether the wallet's row carries the digest of its newest entry, so that none was cut off behind it."""
    return bool((await connection.execute(_HEAD, {"wallet": wallet_id})).scalar_one())


async def status_changes(connection: AsyncConnection, wallet_id: UUID) -> Sequence[StatusChange]:
    """Who froze, unfroze or closed the wallet, when and why; newest first."""
    rows = await connection.execute(_STATUS_CHANGES, {"wallet": wallet_id, "most": STATUS_CHANGES_MAX})
    return [
        StatusChange(WalletStatus(row.from_status), WalletStatus(row.to_status), row.reason, row.actor, row.at)
        for row in rows
    ]
