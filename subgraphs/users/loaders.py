"""One Loader per key of User: N representations cost one query."""

from __future__ import annotations

from dataclasses import dataclass

from payflow.gql.loader import Loader
from payflow.kernel.db import Database
from payflow.kernel.ids import parse_id
from subgraphs.users import store
from subgraphs.users.domain import User


@dataclass(frozen=True, slots=True)
class Loaders:
    """Batch what is asked at once, and remember nothing: a WebSocket keeps its context, and so these, for long."""

    user_by_id: Loader[str, User | None]
    user_by_handle: Loader[str, User | None]


def make_loaders(database: Database) -> Loaders:
    async def by_id(ids: list[str]) -> list[User | None]:
        parsed = {text: parse_id(text) for text in ids}
        async with database.read() as connection:
            found = await store.by_ids(connection, [key for key in parsed.values() if key])
        return [found.get(key) if (key := parsed[text]) else None for text in ids]

    async def by_handle(handles: list[str]) -> list[User | None]:
        async with database.read() as connection:
            found = await store.by_handles(connection, handles)
        return [found.get(handle) for handle in handles]

    return Loaders(Loader(by_id, cache=False), Loader(by_handle, cache=False))
