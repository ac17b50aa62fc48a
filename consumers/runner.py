"""The loop: poll → deliver → commit the offsets.

All that a poll brings is delivered together, in one transaction. Where that fails, the messages of one partition are delivered one
after the other, so the order per key is kept; partitions go beside each other. What fails in passing is tried again in place, with
back-off and without end: nothing is ever skipped. Offsets are committed only behind a whole poll, so a crash anywhere delivers again,
and the inbox makes that harmless.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import structlog

from consumers.broker import Consumer, Message
from consumers.dead_letters import is_permanent
from consumers.delivery import Delivery, Outcome
from payflow.kernel import metrics
from payflow.kernel.backoff import equal_jitter_s
from payflow.kernel.errors import DependencyUnavailable, one_line

POLL_MAX = 200  # messages taken at once; bounds memory and what a crash repeats
POLL_WAIT_S = 1.0
GATHER_S = 0.025  # between polls that bring something: messages gather meanwhile, and many cost little more than one
LANES_MAX = 8  # partitions delivered beside each other; below the connections of the database's pool
BACKOFF_BASE_S = 0.1
BACKOFF_MAX_S = 10.0
HEALTHY_S = 30.0  # a consumer that has not polled for this long is not well

log = structlog.get_logger(__name__)


class Runner:
    """Runs one consumer until it is stopped or cancelled."""

    def __init__(self, consumer: Consumer, delivery: Delivery) -> None:
        self._consumer = consumer
        self._delivery = delivery
        self._lanes = asyncio.Semaphore(LANES_MAX)
        self._stopping = asyncio.Event()
        self._polled_at: float | None = None

    @property
    def is_healthy(self) -> bool:
        """Whether the last successful poll is recent: the broker answers, and no message holds up the others."""
        return self._polled_at is not None and time.monotonic() - self._polled_at < HEALTHY_S

    def stop(self) -> None:
        """End `run` behind the messages that are being delivered."""
        self._stopping.set()

    async def run(self) -> None:
        """Consume until `stop`. Whatever fails is logged and tried again with back-off."""
        failures = 0
        while not self._stopping.is_set():
            try:
                delivered = await self.run_once()
                failures = 0
                if 0 < delivered < POLL_MAX:
                    await asyncio.sleep(GATHER_S)
            except Exception as error:
                failures += 1
                if isinstance(error, DependencyUnavailable):
                    log.warning("consumer waits for the broker", reason=one_line(error), failures=failures)
                else:
                    log.exception("consumer starts over from its last commit", failures=failures)
                await self._consumer.close()
                await self._pause(failures)
        await self._consumer.close()

    async def run_once(self) -> int:
        """One poll, with everything it brought delivered and committed; answers how many messages that were."""
        messages = await self._consumer.poll(most=POLL_MAX, wait_s=POLL_WAIT_S)
        self._polled_at = time.monotonic()
        if messages:
            if not await self._deliver_together(messages):
                async with asyncio.TaskGroup() as lanes:
                    for lane in _by_partition(messages):
                        lanes.create_task(self._deliver_one_by_one(lane))
            await self._consumer.commit(messages)
        return len(messages)

    async def _deliver_together(self, messages: Sequence[Message]) -> bool:
        """False where nothing was delivered: they are to be taken one by one, which shows whose fault it is."""
        structlog.contextvars.clear_contextvars()
        try:
            if len(messages) == 1 or any(map(self._delivery.goes_alone, messages)):
                return False
            outcomes = await self._delivery.deliver_together(messages)
        except Exception as error:
            log.info("events are delivered one by one", events=len(messages), reason=one_line(error))
            return False
        for outcome in outcomes:
            metrics.EVENTS_HANDLED.labels(self._delivery.consumer, outcome).inc()
        return True

    async def _deliver_one_by_one(self, messages: Sequence[Message]) -> None:
        async with self._lanes:
            for message in messages:
                outcome = await self._deliver(message)
                metrics.EVENTS_HANDLED.labels(self._delivery.consumer, outcome).inc()
                log.info("event delivered", outcome=outcome)

    async def _deliver(self, message: Message) -> Outcome:
        """Handled or buried in the end, however long that takes."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(topic=message.topic, partition=message.partition, offset=message.offset)
        try:
            return await _until_it_passes(lambda: self._delivery.deliver(message))
        except Exception as error:
            log.error("event buried", key=message.key, reason=one_line(error), exc_info=error)
            reason = error
        return await _until_it_passes(lambda: self._delivery.bury(message, reason))

    async def _pause(self, failures: int) -> None:
        """Back off; a stop ends the wait."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), back_off_s(failures))


async def _until_it_passes(attempt: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Try until it is done; raises what is permanent."""
    attempts = 0
    while True:
        try:
            return await attempt()
        except Exception as error:
            attempts += 1
            if is_permanent(error, attempts=attempts):
                raise
            log.warning("event waits", reason=one_line(error), attempts=attempts)
        await asyncio.sleep(back_off_s(attempts))


def back_off_s(failures: int) -> float:
    """How long to wait behind that many failures in a row: doubling up to BACKOFF_MAX_S, jittered."""
    return equal_jitter_s(failures, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S)


def _by_partition(messages: Sequence[Message]) -> list[list[Message]]:
    lanes: dict[tuple[str, int], list[Message]] = defaultdict(list)
    for message in messages:
        lanes[message.topic, message.partition].append(message)
    return list(lanes.values())
