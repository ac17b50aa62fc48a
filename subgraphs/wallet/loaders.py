"""One Loader per key of what wallet shows: N representations cost one query."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payflow.gql.loader import Loader
from payflow.kernel.db import Database
from payflow.kernel.ids import parse_id
from subgraphs.wallet import statements, store
from subgraphs.wallet.domain import Wallet
from subgraphs.wallet.statements import Lines, Moment, Stand, StatementPage
from subgraphs.wallet.store import Funds, OwnerCurrency


@dataclass(frozen=True, slots=True)
class Loaders:
    """Batch what is asked at once, and remember nothing: a WebSocket keeps its context, and so these, for long."""

    wallet_by_id: Loader[str, Wallet | None]
    wallets_by_owner: Loader[UUID, list[Wallet]]
    wallet_by_owner_and_currency: Loader[OwnerCurrency, Wallet | None]
    entries: Loader[StatementPage, Lines]
    stands: Loader[Moment, Stand]
    funds: Loader[UUID, Funds]


def make_loaders(database: Database) -> Loaders:
    async def by_id(ids: list[str]) -> list[Wallet | None]:
        parsed = {text: parse_id(text) for text in ids}
        async with database.read() as connection:
            found = await store.by_ids(connection, [key for key in parsed.values() if key])
        return [found.get(key) if (key := parsed[text]) else None for text in ids]

    async def by_owner(owners: list[UUID]) -> list[list[Wallet]]:
        async with database.read() as connection:
            found = await store.by_owners(connection, owners)
        return [found.get(owner, []) for owner in owners]

    async def by_owner_and_currency(keys: list[OwnerCurrency]) -> list[Wallet | None]:
        async with database.read() as connection:
            found = await store.by_owners_and_currencies(connection, keys)
        return [found.get(key) for key in keys]

    async def entries(pages: list[StatementPage]) -> list[Lines]:
        async with database.read() as connection:
            return await statements.statement_pages(connection, pages)

    async def stands(moments: list[Moment]) -> list[Stand]:
        async with database.read() as connection:
            return await statements.stands(connection, moments)

    async def funds(wallet_ids: list[UUID]) -> list[Funds]:
        async with database.read() as connection:
            found = await store.funds(connection, wallet_ids)
        return [found[wallet_id] for wallet_id in wallet_ids]

    return Loaders(
        Loader(by_id, cache=False),
        Loader(by_owner, cache=False),
        Loader(by_owner_and_currency, cache=False),
        Loader(entries, cache=False),
        Loader(stands, cache=False),
        Loader(funds, cache=False),
    )
