"""A consumer goes back in its topics where an operator has asked for it: each member with the partitions that it reads."""

from __future__ import annotations

import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from consumers.broker import Consumer
from consumers.delivery import Delivery
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.replays import Replay, mark_rewound, open_replays

LOOK_EVERY_S = 2.0  # how long a wish waits at most until somebody sees it

log = structlog.get_logger(__name__)


class Replaying:
    """Asked between two polls, when nothing is being delivered."""

    def __init__(self, consumer: Consumer, delivery: Delivery) -> None:
        self._consumer = consumer
        self._delivery = delivery
        self._look_at = 0.0

    async def obey(self) -> None:
        """Rewind what is to be replayed, if it is time to look. Raises DependencyUnavailable where the broker is away."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_EVERY_S
        for replay in await self._open():
            await self._rewind(replay)

    async def _open(self) -> list[Replay]:
        try:
            async with self._delivery.database.read() as connection:
                return await open_replays(connection, self._delivery.tables.replays, consumer=self._delivery.consumer)
        except (SQLAlchemyError, OSError) as error:
            log.warning("replays wait for the database", reason=one_line(error))
            return []

    async def _rewind(self, replay: Replay) -> None:
        """Marked behind the commit: a crash between them rewinds once more, which the inbox makes harmless."""
        rewound = await self._consumer.rewind(replay.topic, since=replay.since, but=replay.rewound)
        if not rewound:
            return
        log.info("topic is read again", topic=replay.topic, partitions=sorted(rewound), replay=replay.id)
        try:
            async with self._delivery.database.unit_of_work() as work:
                table, partitions = self._delivery.tables.replays, self._consumer.partitions(replay.topic)
                await mark_rewound(work, table, replay, rewound, of=partitions)
        except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
            log.warning("a replay waits for the database", reason=one_line(error))
