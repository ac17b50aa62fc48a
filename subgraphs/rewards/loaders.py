"""One Loader per key of rewards: N representations cost one query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.gql.loader import Loader
from payflow.gql.pages import PageRequest
from payflow.kernel.db import Database
from payflow.kernel.ids import parse_id
from payflow.kernel.money import Money
from subgraphs.rewards import store
from subgraphs.rewards.domain import Reward


@dataclass(frozen=True, slots=True)
class Loaders:
    """Batch what is asked at once, and remember nothing: a WebSocket keeps its context, and so these, for long."""

    reward_by_id: Loader[str, Reward | None]
    reward_by_transfer: Loader[str, Reward | None]
    earned_by_user: Loader[str, list[Money]]
    rewards_page: Loader[tuple[str, PageRequest], list[Reward]]


def make_loaders(database: Database) -> Loaders:
    async def by_id(ids: list[str]) -> list[Reward | None]:
        parsed = [parse_id(text) for text in ids]
        async with database.read() as connection:
            found = await store.by_ids(connection, [key for key in parsed if key])
        return [found.get(key) if key else None for key in parsed]

    async def by_transfer(transfer_ids: list[str]) -> list[Reward | None]:
        parsed = [parse_id(text) for text in transfer_ids]
        async with database.read() as connection:
            found = await store.by_transfers(connection, [key for key in parsed if key])
        return [found.get(key) if key else None for key in parsed]

    async def earned(user_ids: list[str]) -> list[list[Money]]:
        parsed = [parse_id(text) for text in user_ids]
        async with database.read() as connection:
            found = await store.earned(connection, [key for key in parsed if key])
        return [found.get(key, []) if key else [] for key in parsed]

    async def pages(wanted: list[tuple[str, PageRequest]]) -> list[list[Reward]]:
        """Only one's own rewards can be seen, so there are no more different keys than the query has different pages."""
        async with database.read() as connection:
            found = {key: await _page(connection, *key) for key in dict.fromkeys(wanted)}
        return [found[key] for key in wanted]

    return Loaders(
        Loader(by_id, cache=False),
        Loader(by_transfer, cache=False),
        Loader(earned, cache=False),
        Loader(pages, cache=False),
    )


async def _page(connection: AsyncConnection, user_id: str, request: PageRequest) -> list[Reward]:
    user = parse_id(user_id)
    before = None if request.after is None else parse_id(request.after)
    return [] if user is None else await store.page(connection, user, before=before, most=request.fetch)
