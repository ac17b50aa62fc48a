"""How far behind a service's relay is: what whoever leads says of itself in its metrics."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel import metrics
from payflow.kernel.db import Database
from payflow.kernel.errors import one_line

EVERY_S = 5.0  # between two looks; a scrape comes every 15 s or so

_BACKLOG = text("""
SELECT (SELECT count(*) FROM outbox) AS rows,
       coalesce(extract(epoch FROM now() - (SELECT min(created_at) FROM outbox)), 0) AS rows_seconds,
       pg_stat_get_dead_tuples('outbox'::regclass) AS dead_rows,
       coalesce(sum(head - pos), 0) AS positions,
       coalesce(extract(epoch FROM now() - min(waiting)), 0) AS positions_seconds
  FROM (SELECT pos, (SELECT max(pos) FROM event_log) AS head,
               (SELECT created_at FROM event_log WHERE event_log.pos = sink_cursor.pos + 1) AS waiting
          FROM sink_cursor) AS sink
""")
_GAUGES = (
    ("rows", metrics.OUTBOX_PENDING),
    ("rows_seconds", metrics.OUTBOX_OLDEST_SECONDS),
    ("dead_rows", metrics.OUTBOX_DEAD_ROWS),
    ("positions", metrics.SINK_LAG),
    ("positions_seconds", metrics.SINK_LAG_SECONDS),
)

log = structlog.get_logger(__name__)


class RelayGauges:
    """Looks again and again. Who no longer leads forgets what he saw: another one says it."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._database = database

    async def run(self) -> None:
        while True:
            try:
                await self._look()
            except (SQLAlchemyError, OSError) as error:  # whoever leads goes on leading
                log.warning("how far the relay is behind is not known", reason=one_line(error))
            await asyncio.sleep(EVERY_S)

    async def _look(self) -> None:
        async with self._database.read() as connection:
            backlog = (await connection.execute(_BACKLOG)).one()
        for name, gauge in _GAUGES:
            gauge.labels(self._service).set(max(0.0, float(getattr(backlog, name))))

    def forget(self) -> None:
        for _, gauge in _GAUGES:
            gauge.remove(self._service)
