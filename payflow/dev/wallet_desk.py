"""What an operator does with wallets and journals: look, freeze, unfreeze, close, reverse; by name, with a reason, through the ledger.

Works on this platform's database, or the one that the environment names, as the wallet itself does: what the rules of the ledger
refuse to a service they refuse to an operator.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from payflow.dev.addresses import DatabaseUnreachable, database_of
from payflow.dev.folders import Folders
from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from subgraphs.wallet import history, service, store
from subgraphs.wallet.commands import ChangeStatus, Reverse, WalletStatus
from subgraphs.wallet.domain import Hold, Wallet
from subgraphs.wallet.errors import WalletNotFound
from subgraphs.wallet.history import Change, StatusChange
from subgraphs.wallet.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Shown:
    """A wallet as an operator sees it. `holds` are the open ones."""

    wallet: Wallet
    holds: Sequence[Hold]
    status_changes: Sequence[StatusChange]


@dataclass(frozen=True, slots=True)
class Told:
    """A piece of a wallet's history, newest first. `whole`: the audit chain is, as far as it is shown, and ends in the newest entry."""

    wallet: Wallet
    changes: Sequence[Change]
    whole: bool


async def show(folders: Folders, wallet_id: UUID) -> Shown:
    """Raises WalletNotFound, DatabaseUnreachable."""
    async with _database(folders) as database, database.read() as connection:
        found = (await store.funds(connection, [wallet_id])).get(wallet_id)
        if found is None:
            raise WalletNotFound
        return Shown(found.wallet, found.holds, await history.status_changes(connection, wallet_id))


async def tell_history(folders: Folders, wallet_id: UUID, *, before: int | None, most: int) -> Told:
    """Raises WalletNotFound, DatabaseUnreachable."""
    async with _database(folders) as database, database.read() as connection:
        found = (await store.by_ids(connection, [wallet_id])).get(wallet_id)
        if found is None:
            raise WalletNotFound
        changes = await history.changes(connection, wallet_id, before=before, most=most)
        head = await history.head_is_whole(connection, wallet_id)
    return Told(found, changes, head and all(change.chained for change in changes))


async def change_status(folders: Folders, wallet_id: UUID, to: WalletStatus, *, reason: str) -> Wallet:
    """Raises InvalidInput, WalletNotFound, WalletClosed, WalletNotEmpty, DatabaseUnreachable."""
    command = ChangeStatus(wallet_id=wallet_id, to=to, actor=operator(), reason=reason)
    async with _ledger(folders) as ledger:
        return await service.change_status(command, ledger)


async def reverse(folders: Folders, journal_id: UUID, *, reason: str) -> UUID:
    """The journal that takes the journal back. Raises InvalidInput, JournalNotFound, AlreadyReversed, InsufficientFunds,
    WalletClosed, DatabaseUnreachable.

    Each call is a command of its own, so a second one is told that it was done before.
    """
    command = Reverse(journal_id=journal_id, actor=operator(), reason=reason, idempotency_key=str(new_id()))
    async with _ledger(folders) as ledger:
        return await service.reverse(command, ledger)


def operator() -> str:
    """Who asks, by the user that this process runs as: the environment could name anybody."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"uid {os.getuid()}"  # a container's user may have no name
    return f"operator:{name}"


@asynccontextmanager
async def _database(folders: Folders) -> AsyncIterator[Database]:
    """The wallet's database. Raises DatabaseUnreachable where it does not answer."""
    database = Database(database_of(folders, "wallet"))
    try:
        yield database
    except (SQLAlchemyError, OSError):
        raise DatabaseUnreachable(
            "The wallet's database does not answer; start the platform with `payflow up`,"
            " or name the database in PAYFLOW_WALLET_DATABASE_URL"
        ) from None
    finally:
        await database.close()


@asynccontextmanager
async def _ledger(folders: Folders) -> AsyncIterator[Ledger]:
    """The ledger. Subscribers are not rung up: they look again by themselves."""
    async with _database(folders) as database:
        ledger = Ledger(database, on_change=lambda _: None)
        try:
            yield ledger
        finally:
            await ledger.close()
