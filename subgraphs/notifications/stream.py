"""A reader's stream, live: what the database has first, then what comes, each notification once and in order.

The database is the truth and `seq` the position; a hint only says when to look again. So a hint that is lost, or doubled, or a Redis
that is away, delays (REREAD_S of payflow.kernel.hints at most) and changes nothing else. Streams are read when their client takes
more: one that reads slowly holds a page in memory, and nobody up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

from payflow.gql.loader import Loader
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.notifications import store
from subgraphs.notifications.domain import Notification, stream_subject
from subgraphs.notifications.errors import CursorExpired
from subgraphs.notifications.store import Position

READ_MAX = 100  # rows of a stream read at once; what bounds the memory of a subscription whose reader is far behind
TOGETHER_MAX = 100  # streams read by one statement, e.g. when Redis is back and rings every bell
READS_AT_ONCE = 2  # statements of streams; the other connections are for requests


class Streams:
    """The streams that one process follows. Those whose bells ring at once are read together."""

    def __init__(self, database: Database, hints: Hints) -> None:
        self._database = database
        self._hints = hints
        self._room = asyncio.Semaphore(READS_AT_ONCE)
        self._since = Loader(self._read_together, cache=False, max_batch_size=TOGETHER_MAX)

    async def follow(self, reader_id: UUID, *, after: int | None) -> AsyncGenerator[Notification, None]:
        """Everything behind `after`, for ever; None: only what is new from now on.

        Raises InvalidArgument where `after` lies ahead of the stream: waiting there would miss what comes before it. Raises
        CursorExpired where what comes next is not kept any more, also of a reader who falls so far behind later.
        """
        async with self._hints.listen(
            stream_subject(reader_id)
        ) as hint:  # before the first read: nothing falls between
            async with self._database.read() as connection:
                position = (await store.stream(connection, reader_id)).resume(after)
            while True:
                found = await self._since.load(Position(reader_id, position))
                for notification in found:
                    if notification.seq != position + 1:
                        raise CursorExpired
                    position = notification.seq
                    yield notification
                if len(found) < READ_MAX:
                    await hint.wait()

    async def _read_together(self, positions: list[Position]) -> list[list[Notification]]:
        async with self._room, self._database.read() as connection:
            found = await store.since(connection, positions, most=READ_MAX)
        return [found[position] for position in positions]
