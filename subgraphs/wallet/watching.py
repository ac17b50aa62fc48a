"""Following one wallet as it changes: the database is read, hints only say when."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection
from uuid import UUID

from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.wallet import store
from subgraphs.wallet.commands import WalletStatus
from subgraphs.wallet.domain import Wallet


def subject(wallet_id: UUID) -> str:
    """What the hints of a wallet are published under."""
    return f"wallet:{wallet_id}"


def telling(hints: Hints) -> Callable[[Collection[UUID]], None]:
    """For the ledger to call after each commit, with the wallets that it has changed."""

    def tell(changed: Collection[UUID]) -> None:
        for wallet_id in changed:
            hints.publish(subject(wallet_id))

    return tell


async def watch(wallet_id: UUID, *, database: Database, hints: Hints) -> AsyncGenerator[Wallet, None]:
    """The wallet now, and again whenever it has changed, until it is closed. It must exist."""
    shown: Wallet | None = None
    async with hints.listen(subject(wallet_id)) as hint:
        while True:
            async with database.read() as connection:
                wallet = (await store.by_ids(connection, [wallet_id]))[wallet_id]
            if wallet != shown:
                shown = wallet
                yield wallet
            if wallet.status is WalletStatus.CLOSED:
                return
            await hint.wait()
