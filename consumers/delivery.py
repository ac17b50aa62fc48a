"""The delivery of one message: decode, seen before?, prepare, then remember and handle in one transaction of the owner's database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import structlog
from sqlalchemy import Table

from consumers.broker import Message
from consumers.dead_letters import letter_of
from consumers.handlers import Handler, Handlers
from payflow.events.envelope import CloudEvent, EventData, read_data, read_envelope
from payflow.kernel import tracing
from payflow.kernel.db import Database
from payflow.kernel.dead_letters import bury
from payflow.kernel.inbox import is_remembered, remember

Outcome = Literal["handled", "repeated", "ignored", "buried"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Delivers to one service. `consumer` names it in the inbox, which stands in its own database beside its dead letters."""

    consumer: str
    database: Database
    inbox: Table
    dead_letters: Table
    handlers: Handlers

    async def deliver(self, message: Message) -> Outcome:
        """Have the message handled, once. Raises what the handler raises; then nothing is remembered and it can come again."""
        event = read_envelope(message.value)
        handler = self.handlers.get(event.type)
        if handler is None:
            return "ignored"
        data = read_data(event, handler.event)
        structlog.contextvars.bind_contextvars(event_id=str(event.id), event_type=event.type)
        with tracing.span(
            f"process {message.topic}", kind="consumer", attributes=_about(message), carrier=event.origin
        ) as span:
            tracing.bind_ids(event.correlationid)
            outcome = await self._handle_once(event, data, handler)
            span.set("payflow.outcome", outcome)
            return outcome

    async def _handle_once(self, event: CloudEvent, data: EventData, handler: Handler[Any]) -> Outcome:
        async with self.database.read() as connection:
            if await is_remembered(connection, self.inbox, consumer=self.consumer, event_id=event.id):
                return "repeated"
        if handler.prepare is not None:
            await handler.prepare(data)
        async with self.database.unit_of_work() as work:
            if not await remember(work, self.inbox, consumer=self.consumer, event_id=event.id):
                return "repeated"
            await handler.handle(event.id, data, work)
        return "handled"

    async def bury(self, message: Message, error: Exception) -> Outcome:
        """Keep a message that can never be handled, with the reason."""
        async with self.database.unit_of_work() as work:
            await bury(work, self.dead_letters, letter_of(message, consumer=self.consumer, error=error))
        return "buried"


def _about(message: Message) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": message.topic,
        "messaging.destination.partition.id": str(message.partition),
        "messaging.kafka.offset": message.offset,
    }
