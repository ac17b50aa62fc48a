"""A reader's stream, live: what the database has first, then what comes, each notification once and in order.

The database is the truth and `seq` the position; a hint only says when to look again. So a hint that is lost, or doubled, or a Redis
that is away, delays (REREAD_S of payflow.kernel.hints at most) and changes nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from uuid import UUID

from payflow.kernel.db import Database
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.hints import Hints
from subgraphs.notifications import store
from subgraphs.notifications.domain import Notification, stream_subject

READ_MAX = 100  # rows read at once; what bounds the memory of a subscription whose reader is far behind


async def follow(
    database: Database, hints: Hints, reader_id: UUID, *, after: int | None
) -> AsyncGenerator[Notification, None]:
    """Everything behind `after`, for ever; None: only what is new from now on.

    Raises InvalidArgument where `after` lies ahead of the stream: waiting there would miss what comes before it.
    """
    async with hints.listen(stream_subject(reader_id)) as hint:  # before the first read, so that nothing falls between
        position = await _start(database, reader_id, after)
        while True:
            async with database.read() as connection:
                found = await store.since(connection, reader_id, after=position, most=READ_MAX)
            for notification in found:
                position = notification.seq
                yield notification
            if len(found) < READ_MAX:
                await hint.wait()


async def _start(database: Database, reader_id: UUID, after: int | None) -> int:
    async with database.read() as connection:
        last = await store.last_seq(connection, reader_id)
    if after is not None and after > last:
        raise InvalidArgument("The cursor lies ahead of your notifications; subscribe again without `after`.")
    return last if after is None else after
