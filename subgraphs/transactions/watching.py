"""Following one transfer as it changes: the database is read, hints only say when."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from uuid import UUID

from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.transactions import store
from subgraphs.transactions.domain import Transfer


def subject(transfer_id: UUID) -> str:
    """What the hints of a transfer are published under."""
    return f"transfer:{transfer_id}"


async def watch(transfer_id: UUID, *, database: Database, hints: Hints) -> AsyncGenerator[Transfer, None]:
    """The transfer now, and again whenever its version has changed, until it has ended. It must exist."""
    shown = 0
    async with hints.listen(subject(transfer_id)) as hint:
        while True:
            async with database.read() as connection:
                transfer = (await store.by_ids(connection, [transfer_id]))[transfer_id]
            if transfer.version != shown:
                shown = transfer.version
                yield transfer
            if transfer.has_ended:
                return
            await hint.wait()
