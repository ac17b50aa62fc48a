"""The worker behind parking: tries the heads of the parked keys again, with back-off, until they are handled or given up.

An event that fails ATTEMPTS_MAX times is buried, and the next of its key has its turn. Any number of processes may run one.
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from consumers.broker import Message
from consumers.dead_letters import is_permanent, letter_of, reason_of
from consumers.delivery import Delivery
from payflow.kernel import metrics
from payflow.kernel.backoff import equal_jitter_s
from payflow.kernel.dead_letters import bury, count_dead
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.inbox import PURGE_MAX, forget_old
from payflow.kernel.parking import Parked, count_parked, put_off, take_due, unpark

AT_ONCE_MAX = 8  # keys tried beside each other; with the lanes' they share the database's pool
BACKOFF_BASE_S = 0.5  # doubled before its first use: the first pause is a second at most
BACKOFF_MAX_S = 30 * 60.0
# Eleven pauses grow to half an hour, the others are that long: three days, so that what breaks on a Friday night is found on Monday.
ATTEMPTS_MAX = 11 + 3 * 48
POLL_S = 0.5
PAUSE_AFTER_FAILURE_S = 5.0
MEASURE_EVERY_S = 5.0
FORGET_EVERY_S = 600.0

log = structlog.get_logger(__name__)


class Redriver:
    """Runs as a task beside a consumer until it is cancelled."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._consumer = delivery.consumer
        self._tables = delivery.tables

    async def run(self) -> None:
        """Redrive, measure, and have the inbox forget, for ever. Nothing else ends this."""
        measure_at = forget_at = 0.0
        while True:
            now = asyncio.get_running_loop().time()
            try:
                redriven = await self.redrive()  # first: what fails below keeps no event waiting
                if now >= measure_at:
                    measure_at = now + MEASURE_EVERY_S
                    await self.measure()
                if now >= forget_at:
                    forget_at = now + FORGET_EVERY_S
                    if await self.forget() == PURGE_MAX:
                        forget_at = now  # there is more
                await asyncio.sleep(0 if redriven else POLL_S)
            except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
                log.warning("parked events wait for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("the redriving of parked events failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def redrive(self) -> int:
        """Try what is due, AT_ONCE_MAX keys at most; answers how many those were. Raises what kept the first from being noted down.

        No TaskGroup: one key that fails is no reason to give the others up.
        """
        async with self._delivery.database.unit_of_work() as work:
            due = await take_due(work, self._tables.parked, consumer=self._consumer, most=AT_ONCE_MAX)
        for failure in await asyncio.gather(*map(self._try, due), return_exceptions=True):
            if failure is not None:
                raise failure
        return len(due)

    async def measure(self) -> None:
        """Say how much waits, and for how long."""
        async with self._delivery.database.read() as connection:
            parked, parked_s = await count_parked(connection, self._tables.parked, consumer=self._consumer)
            dead, dead_s = await count_dead(connection, self._tables.dead_letters, consumer=self._consumer)
        metrics.EVENTS_PARKED.labels(self._consumer).set(parked)
        metrics.EVENTS_PARKED_OLDEST_SECONDS.labels(self._consumer).set(parked_s)
        metrics.EVENTS_DEAD.labels(self._consumer).set(dead)
        metrics.EVENTS_DEAD_OLDEST_SECONDS.labels(self._consumer).set(dead_s)

    async def forget(self) -> int:
        """Let the inbox forget some of what no event can repeat any more; answers how many."""
        async with self._delivery.database.unit_of_work() as work:
            return await forget_old(work, self._tables.inbox)

    async def _try(self, parked: Parked) -> None:
        message = Message(parked.topic, parked.partition, parked.offset, parked.key, parked.value)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(topic=parked.topic, key=parked.key, event_id=str(parked.event_id))
        try:
            outcome = await self._delivery.deliver(message)
        except Exception as error:
            await self._failed(parked, message, error)
            return
        async with self._delivery.database.unit_of_work() as work:
            await unpark(work, self._tables.parked, parked)
        metrics.EVENTS_HANDLED.labels(self._consumer, outcome).inc()
        log.info("parked event delivered", outcome=outcome, attempts=parked.attempts)

    async def _failed(self, parked: Parked, message: Message, error: Exception) -> None:
        gives_up = parked.attempts >= ATTEMPTS_MAX or is_permanent(error, attempts=parked.attempts)
        async with self._delivery.database.unit_of_work() as work:
            if gives_up:
                letter = letter_of(message, consumer=self._consumer, error=error)
                await bury(work, self._tables.dead_letters, letter)
                await unpark(work, self._tables.parked, parked)
            else:
                pause_s = back_off_s(parked.attempts)
                await put_off(work, self._tables.parked, parked, error=reason_of(error), wait_s=pause_s)
        if gives_up:
            metrics.EVENTS_HANDLED.labels(self._consumer, "buried").inc()
            log.error("parked event buried", reason=one_line(error), attempts=parked.attempts, exc_info=error)
        else:
            log.warning("parked event waits", reason=one_line(error), attempts=parked.attempts)


def back_off_s(attempts: int) -> float:
    """How long to wait behind that many tries: from a second, doubling up to BACKOFF_MAX_S, jittered."""
    return equal_jitter_s(attempts, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S)
