"""What stands in wallets and holds, as SQL, and the one write that moves no money. Reads answer domain objects, batch first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet.commands import OpenWallet, Purpose, WalletStatus
from subgraphs.wallet.domain import AccountKind, Hold, Wallet
from subgraphs.wallet.tables import account, hold

WALLETS_MAX = 500  # of one owner, in one answer: more than there are currencies; who closes wallets by the hundred sees the newest
OPEN_HOLDS_MAX = 500  # of one wallet, in one answer; each is a transfer that has been under way for moments

WALLET_COLUMNS = (
    account.c.id,
    account.c.owner_id,
    account.c.currency,
    account.c.posted,
    account.c.held,
    account.c.created_at,
    account.c.status,
)
_IS_WALLET = account.c.kind == AccountKind.USER.value
_IS_CLOSED = account.c.status == WalletStatus.CLOSED.value


class OwnerCurrency(NamedTuple):
    """What finds a wallet besides its id."""

    owner_id: UUID
    currency: str


class Funds(NamedTuple):
    """A wallet and its open holds as one statement saw them: `held` is the sum of what they hold, unless there are too many to show."""

    wallet: Wallet
    holds: list[Hold]


class Overdue(NamedTuple):
    """Holds that are past their time, and for how many seconds the oldest has been so."""

    ids: list[UUID]
    oldest_s: float


# ── wallets ──


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Wallet]:
    """Those of the ids that are wallets; a system account is none."""
    return {wallet.id: wallet for wallet in await _wallets(connection, _wallet_query().where(account.c.id.in_(ids)))}


async def by_owners(connection: AsyncConnection, owners: Sequence[UUID]) -> dict[UUID, list[Wallet]]:
    """Each owner's wallets, closed ones too, oldest first; past WALLETS_MAX those that were closed and opened longest ago are left out."""
    found: defaultdict[UUID, list[Wallet]] = defaultdict(list)
    by_worth = (~_IS_CLOSED).desc(), account.c.created_at.desc(), account.c.id.desc()
    rank = func.row_number().over(partition_by=account.c.owner_id, order_by=by_worth).label("rank")
    ranked = _wallet_query().add_columns(rank).where(account.c.owner_id.in_(owners)).subquery()
    query = select(ranked).where(ranked.c.rank <= WALLETS_MAX).order_by(ranked.c.created_at, ranked.c.id)
    for wallet in await _wallets(connection, query):
        found[wallet.owner_id].append(wallet)
    return found


async def by_owners_and_currencies(
    connection: AsyncConnection, keys: Sequence[OwnerCurrency]
) -> dict[OwnerCurrency, Wallet]:
    """Those that exist and are not closed: one each at most."""
    query = _wallet_query().where(tuple_(account.c.owner_id, account.c.currency).in_(keys), ~_IS_CLOSED)
    return {OwnerCurrency(found.owner_id, found.currency): found for found in await _wallets(connection, query)}


async def add_wallet(work: UnitOfWork, command: OpenWallet) -> Wallet | None:
    """A new, empty wallet, or None where the owner has one of the currency already that is not closed."""
    opening = func.open_wallet(new_id(), command.owner_id, command.currency).table_valued(*WALLET_COLUMNS)
    row = (await work.connection.execute(select(opening))).one_or_none()
    return None if row is None else wallet_of(row)


async def open_fund(work: UnitOfWork, campaign_id: UUID, currency: str) -> None:
    """The account that a campaign pays from, where it has none yet."""
    await work.connection.execute(select(func.open_fund(campaign_id, currency)))


async def in_funds(connection: AsyncConnection, campaign_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """What is in the funds of those campaigns that have one."""
    query = select(account.c.id, account.c.currency, (account.c.posted - account.c.held).label("available")).where(
        account.c.kind == AccountKind.CAMPAIGN.value, account.c.id.in_(campaign_ids)
    )
    return {row.id: Money(row.available, row.currency) for row in await connection.execute(query)}


def wallet_of(row: Row[*tuple[Any, ...]]) -> Wallet:
    """From WALLET_COLUMNS."""
    return Wallet(row.id, row.owner_id, row.currency, row.posted, row.held, row.created_at, WalletStatus(row.status))


# ── holds ──


async def funds(connection: AsyncConnection, wallet_ids: Sequence[UUID]) -> dict[UUID, Funds]:
    """Each wallet with its open holds, newest first, OPEN_HOLDS_MAX of each; one statement, so balance and holds agree."""
    is_open = hold.c.captured + hold.c.released < hold.c.amount
    newest = (
        select(hold).where(hold.c.account_id == account.c.id, is_open).order_by(hold.c.created_at.desc(), hold.c.id)
    )
    opened = newest.limit(OPEN_HOLDS_MAX).lateral("opened")
    columns = [column.label(f"hold_{column.name}") for column in opened.c]
    query = select(*WALLET_COLUMNS, *columns).select_from(account.outerjoin(opened, true()))
    query = query.where(_IS_WALLET, account.c.id.in_(wallet_ids)).order_by(opened.c.created_at.desc(), opened.c.id)
    found: dict[UUID, Funds] = {}
    for row in await connection.execute(query):
        standing = found.setdefault(row.id, Funds(wallet_of(row), []))
        if row.hold_id is not None:
            placed: Any = SimpleNamespace(**{column.name: row._mapping[f"hold_{column.name}"] for column in hold.c})
            standing.holds.append(_hold_of(placed, row.currency))
    return found


async def overdue_holds(connection: AsyncConnection, *, most: int) -> Overdue:
    """The holds that are past their time and still hold something, the oldest first. Locks nothing, so it is a hint."""
    # The statement's time, as the index cannot be searched for one that ticks; what counts is the clock of the release.
    now, is_open = func.statement_timestamp(), hold.c.captured + hold.c.released < hold.c.amount
    age = func.extract("epoch", now - hold.c.expires_at).label("age")
    query = select(hold.c.id, age).where(is_open, hold.c.expires_at <= now).order_by(hold.c.expires_at).limit(most)
    rows = (await connection.execute(query)).all()
    return Overdue([row.id for row in rows], float(rows[0].age) if rows else 0.0)


def _hold_of(row: Row[*tuple[Any, ...]], currency: str) -> Hold:
    return Hold(
        id=row.id,
        wallet_id=row.account_id,
        payee_id=row.payee_id,
        transfer_id=row.transfer_id,
        amount=Money(row.amount, currency),
        captured=row.captured,
        released=row.released,
        expires_at=row.expires_at,
        created_at=row.created_at,
        purpose=Purpose(row.purpose),
        expired=row.expired,
    )


def _wallet_query() -> Select[*tuple[Any, ...]]:
    return select(*WALLET_COLUMNS).where(_IS_WALLET)


async def _wallets(connection: AsyncConnection, query: Select[*tuple[Any, ...]]) -> list[Wallet]:
    return [wallet_of(row) for row in await connection.execute(query)]
