"""The sequencer: moves events from the outbox to the event log, where each gets the next position. One works at a time.

Deletion and insertion are one statement, so an event is in exactly one of the two; and since what is moved is what is there, rather than
what is behind a remembered id, a transaction that commits late is moved by the next pass. Readers of the log may remember positions.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import metrics
from payflow.kernel.failpoints import failpoint

BATCH_MAX = 1000  # rows moved in one commit: some tens of milliseconds, far within the statement's time
GATHER_S = 0.02  # how long events are gathered once there is one; a batch costs as much as one event
POLL_S = 1.0  # how long an event waits at most when its wake-up was lost, e.g. written by another process

# The next position, also where all that was told has been purged. Between the two an event's id stands twice only where somebody told
# the same event again, after it was sequenced: it is the same event, and is not told twice.
SEQUENCE: Final = """
WITH taken AS (
    DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT :most)
    RETURNING id, event_id, topic, key, value, created_at
), head AS (
    SELECT greatest((SELECT max(pos) FROM event_log), (SELECT max(pos) FROM sink_cursor), 0) AS pos
), told AS (
    INSERT INTO event_log (pos, event_id, topic, key, value, created_at)
    SELECT head.pos + row_number() OVER (ORDER BY taken.id), taken.event_id, taken.topic, taken.key, taken.value, taken.created_at
      FROM taken CROSS JOIN head
     WHERE NOT EXISTS (SELECT FROM event_log AS known WHERE known.event_id = taken.event_id)
    RETURNING pos
)
SELECT taken, told, taken - told AS repeated
  FROM (SELECT count(*) FROM taken) AS of_rows (taken), (SELECT count(*) FROM told) AS of_events (told)
"""
_WAITING = text("SELECT EXISTS (SELECT FROM outbox)")

log = structlog.get_logger(__name__)


class Sequencer:
    """Runs over the session that holds the relay's lock: where that is lost, it ends. `moved` is called after each commit."""

    def __init__(
        self, *, service: str, statement: str = SEQUENCE, gather_s: float = GATHER_S, moved: Callable[[], None]
    ) -> None:
        self._service = service
        self._statement = text(statement)
        self._gather_s = gather_s
        self._moved = moved
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be something in the outbox."""
        self._woken.set()

    async def run(self, session: AsyncConnection) -> None:
        """Sequence for ever. Raises what the session raises."""
        while True:
            self._woken.clear()
            with metrics.SEQUENCE_SECONDS.labels(self._service).time():
                moved = await self.sequence_batch(session)
            if moved == BATCH_MAX:
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._woken.wait()
                await asyncio.sleep(self._gather_s)

    async def sequence_batch(self, session: AsyncConnection) -> int:
        """Move the oldest rows; answers how many."""
        if not (await session.execute(_WAITING)).scalar_one():
            return 0
        await failpoint("relay.sequencing")
        moved = (await session.execute(self._statement, {"most": BATCH_MAX})).one()
        await failpoint("relay.sequenced")
        metrics.OUTBOX_SEQUENCED.labels(self._service).inc(moved.told)
        if moved.repeated:
            log.warning("events were told again and are left out", events=moved.repeated)
        self._moved()
        return int(moved.taken)
