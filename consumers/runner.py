"""The loop: poll → deliver → commit the offsets.

All that a poll brings is delivered together, in one transaction. Where that fails, lanes.py delivers it one by one, and parks what
cannot be handled for now. Offsets are committed only behind a whole poll, so a crash anywhere delivers again, and the inbox makes that
harmless.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from consumers.broker import Consumer, Message
from consumers.delivery import Delivery
from consumers.lag_gauges import LagGauges
from consumers.lanes import Lanes, back_off_s
from consumers.replaying import Replaying
from payflow.kernel import metrics
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.parking import Key

POLL_MAX = 200  # messages taken at once; bounds memory and what a crash repeats
POLL_WAIT_S = 1.0
GATHER_S = 0.025  # between polls that bring something: messages gather meanwhile, and many cost little more than one
HEALTHY_S = 30.0  # a consumer that has not polled for this long is not well

log = structlog.get_logger(__name__)


class Runner:
    """Runs one consumer until it is stopped or cancelled."""

    def __init__(self, consumer: Consumer, delivery: Delivery) -> None:
        self._consumer = consumer
        self._delivery = delivery
        self._replaying = Replaying(consumer, delivery)
        self._gauges = LagGauges(delivery.consumer, delivery.listener.topics)
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
        try:
            await self._consume()
        finally:  # who is cancelled leaves its group, too, rather than let it wait
            await self._consumer.close()

    async def _consume(self) -> None:
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

    async def run_once(self) -> int:
        """One poll, with everything it brought delivered and committed; answers how many messages that were."""
        await self._replaying.obey()
        messages = await self._consumer.poll(most=POLL_MAX, wait_s=POLL_WAIT_S)
        self._polled_at = time.monotonic()
        self._gauges.polled(messages)
        if messages:
            await self._deliver(messages)
            await self._consumer.commit(messages)
        self._gauges.done(self._consumer.lag())
        return len(messages)

    async def _deliver(self, messages: Sequence[Message]) -> None:
        """Together what nothing is parked in front of; one by one the others, and all where that fails."""
        blocked = await self._blocked(messages)
        free = [message for message in messages if (message.topic, message.key) not in blocked]
        rest = messages
        if free and await self._deliver_together(free):
            rest = [message for message in messages if (message.topic, message.key) in blocked]
        if rest:
            await Lanes(self._delivery, holds=self._consumer.holds, blocked=blocked).deliver(rest)

    async def _blocked(self, messages: Sequence[Message]) -> set[Key]:
        """The keys that have something parked; all where that cannot be told now: then each is asked about once more."""
        try:
            return await self._delivery.parked_keys(messages)
        except (SQLAlchemyError, OSError) as error:
            log.warning("events wait for the database", reason=one_line(error))
            return {(message.topic, message.key) for message in messages}

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

    async def _pause(self, failures: int) -> None:
        """Back off; a stop ends the wait."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), back_off_s(failures))
