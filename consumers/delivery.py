"""The delivery of messages: decode, remember and handle in one transaction of the owner's database, follow up.

What cannot be handled for now is parked in that database, what never can is buried there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import structlog

from consumers.broker import Message
from consumers.dead_letters import letter_of, reason_of
from consumers.handlers import Happened, Listener
from payflow.events.envelope import CloudEvent, read_data, read_envelope
from payflow.kernel import metrics, tracing
from payflow.kernel.consuming import ConsumerTables
from payflow.kernel.db import Database
from payflow.kernel.dead_letters import bury
from payflow.kernel.inbox import remember
from payflow.kernel.parking import Key, Parked, park, parked_keys

Outcome = Literal["handled", "repeated", "ignored", "buried", "parked"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Delivers to one service. `consumer` names it in the tables, which stand in the service's own database."""

    consumer: str
    database: Database
    tables: ConsumerTables
    listener: Listener

    async def deliver(self, message: Message) -> Outcome:
        """Have one message handled, once. Raises what the listener raises; then nothing is remembered and it can come again."""
        event = read_envelope(message.value)
        happened = self._read(event)
        if happened is None:
            return "ignored"
        structlog.contextvars.bind_contextvars(event_id=str(event.id), event_type=event.type)
        with tracing.span(
            f"process {message.topic}", kind="consumer", attributes=_about(message), carrier=event.origin
        ) as span:
            tracing.bind_ids(event.correlationid)
            outcome: Outcome = "handled" if await self._handle_once([happened]) else "repeated"
            span.set("payflow.outcome", outcome)
            return outcome

    async def deliver_together(self, messages: Sequence[Message]) -> list[Outcome]:
        """Have all handled in one transaction, each once. Raises what the listener raises for any of them; then none was handled."""
        events = [read_envelope(message.value) for message in messages]
        read = [self._read(event) for event in events]
        new = await self._handle_once([happened for happened in read if happened is not None])
        outcomes = [_outcome(happened, new) for happened in read]
        for message, event, outcome in zip(messages, events, outcomes, strict=True):
            log.info("event delivered", outcome=outcome, **_names(message, event))
        return outcomes

    def goes_alone(self, message: Message) -> bool:
        """Whether the message is to be delivered by itself, since its trace is recorded and goes on from it."""
        return tracing.is_on() and tracing.is_recorded(read_envelope(message.value).origin)

    async def bury(self, message: Message, error: Exception) -> Outcome:
        """Keep a message that can never be handled, with the reason."""
        async with self.database.unit_of_work() as work:
            await bury(work, self.tables.dead_letters, letter_of(message, consumer=self.consumer, error=error))
        return "buried"

    async def parked_keys(self, messages: Sequence[Message]) -> set[Key]:
        """Those of the messages' keys that have something parked: what comes for them has to queue up behind it."""
        keys = {(message.topic, message.key) for message in messages}
        async with self.database.read() as connection:
            return await parked_keys(connection, self.tables.parked, consumer=self.consumer, keys=keys)

    async def park(self, message: Message, error: Exception | None = None, *, wait_s: float = 0) -> bool:
        """Put a message behind those of its key that wait; `error` where it was tried. False where too many wait already.

        Raises MalformedEvent where it is none.
        """
        parked = Parked(
            consumer=self.consumer,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            event_id=read_envelope(message.value).id,
            value=message.value,
            error=None if error is None else reason_of(error),
        )
        async with self.database.unit_of_work() as work:
            return await park(work, self.tables.parked, self.tables.inbox, parked, wait_s=wait_s)

    def _read(self, event: CloudEvent) -> Happened | None:
        kind = self.listener.kind(event.type)
        return None if kind is None else Happened(event.id, read_data(event, kind), event.correlationid)

    async def _handle_once(self, happened: Sequence[Happened]) -> set[UUID]:
        """Handle what is new of it; answers its ids."""
        ids = list(dict.fromkeys(one.id for one in happened))
        if not ids:
            return set()
        with metrics.EVENTS_STEP_SECONDS.labels(self.consumer, "handle").time():
            async with self.database.unit_of_work() as work:
                new = await remember(work, self.tables.inbox, consumer=self.consumer, event_ids=ids)
                if new:
                    await self.listener.handle(_first_of(new, happened), work)
        if new and self.listener.follow_up is not None:
            await self._follow_up(_first_of(new, happened))
        return new

    async def _follow_up(self, happened: Sequence[Happened]) -> None:
        """The events are handled: what goes wrong now is nothing that trying them again could mend."""
        assert self.listener.follow_up is not None
        try:
            with metrics.EVENTS_STEP_SECONDS.labels(self.consumer, "follow_up").time():
                await self.listener.follow_up(happened)
        except Exception:
            log.exception("what follows from events is left to others", events=len(happened))


def _first_of(ids: Collection[UUID], happened: Sequence[Happened]) -> list[Happened]:
    """Each of these once, in the order of the log."""
    return list({one.id: one for one in reversed(happened) if one.id in ids}.values())[::-1]


def _outcome(happened: Happened | None, new: set[UUID]) -> Outcome:
    """Takes the id from `new`: whoever comes with it again is a repeat."""
    if happened is None:
        return "ignored"
    if happened.id not in new:
        return "repeated"
    new.remove(happened.id)
    return "handled"


def _names(message: Message, event: CloudEvent) -> dict[str, object]:
    names = {
        "topic": message.topic,
        "partition": message.partition,
        "offset": message.offset,
        "event_id": str(event.id),
        "event_type": event.type,
        "request_id": event.correlationid,
    }
    return {name: value for name, value in names.items() if value is not None}


def _about(message: Message) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": message.topic,
        "messaging.destination.partition.id": str(message.partition),
        "messaging.kafka.offset": message.offset,
    }
