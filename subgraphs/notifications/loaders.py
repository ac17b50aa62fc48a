"""One Loader per key of notifications: N representations cost one query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.gql.loader import Loader
from payflow.kernel.db import Database
from payflow.kernel.ids import parse_id
from subgraphs.notifications import store
from subgraphs.notifications.domain import Notification, NotificationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKey:
    """A page of a reader's notifications: `most` rows behind `before`, the newest first."""

    reader_id: str
    before: int | None
    unread_only: bool
    most: int


@dataclass(frozen=True, slots=True)
class Loaders:
    """Batch what is asked at once, and remember nothing: a WebSocket keeps its context, and so these, for long."""

    notification_by_id: Loader[str, Notification | None]
    unread_by_reader: Loader[str, int]
    last_seq_by_reader: Loader[str, int]
    muted_by_reader: Loader[str, set[NotificationKind]]
    notifications_page: Loader[PageKey, list[Notification]]


def make_loaders(database: Database) -> Loaders:
    async def by_id(ids: list[str]) -> list[Notification | None]:
        parsed = [parse_id(text) for text in ids]
        async with database.read() as connection:
            found = await store.by_ids(connection, [key for key in parsed if key])
        return [found.get(key) if key else None for key in parsed]

    async def unread(reader_ids: list[str]) -> list[int]:
        parsed = [parse_id(text) for text in reader_ids]
        async with database.read() as connection:
            found = await store.unread_counts(connection, [key for key in parsed if key])
        return [found.get(key, 0) if key else 0 for key in parsed]

    async def last_seqs(reader_ids: list[str]) -> list[int]:
        parsed = [parse_id(text) for text in reader_ids]
        async with database.read() as connection:
            found = await store.last_seqs(connection, [key for key in parsed if key])
        return [found.get(key, 0) if key else 0 for key in parsed]

    async def muted(reader_ids: list[str]) -> list[set[NotificationKind]]:
        parsed = [parse_id(text) for text in reader_ids]
        async with database.read() as connection:
            found = await store.muted_kinds(connection, [key for key in parsed if key])
        return [found.get(key, set()) if key else set() for key in parsed]

    async def pages(wanted: list[PageKey]) -> list[list[Notification]]:
        """Only one's own notifications can be seen, so there are no more different keys than the query has different pages."""
        async with database.read() as connection:
            found = {key: await _page(connection, key) for key in dict.fromkeys(wanted)}
        return [found[key] for key in wanted]

    return Loaders(
        notification_by_id=Loader(by_id, cache=False),
        unread_by_reader=Loader(unread, cache=False),
        last_seq_by_reader=Loader(last_seqs, cache=False),
        muted_by_reader=Loader(muted, cache=False),
        notifications_page=Loader(pages, cache=False),
    )


async def _page(connection: AsyncConnection, key: PageKey) -> list[Notification]:
    reader = parse_id(key.reader_id)
    if reader is None:
        return []
    return await store.page(connection, reader, before=key.before, unread_only=key.unread_only, most=key.most)
