"""Dead letters: records that a consumer can never handle, kept in its own database with the reason, while its log goes on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import insert

from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import content_id

REASON_LENGTH_MAX = 1000
_NUL = "\x00"  # PostgreSQL's text has no room for it


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record as it was received. `event_id` is None where not even that could be read."""

    consumer: str
    topic: str
    key: str
    event_id: UUID | None
    reason: str
    payload: bytes

    @property
    def id(self) -> UUID:
        """What was received decides it, so that a record delivered twice is one dead letter."""
        return content_id(self.consumer.encode(), self.topic.encode(), self.key.encode(), self.payload)


def dead_letters_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("event_id", Uuid),
        Column("reason", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


async def bury(work: UnitOfWork, table: Table, letter: DeadLetter) -> None:
    """Keep the letter; a repeat of it changes nothing."""
    await work.connection.execute(
        insert(table)
        .values(
            id=letter.id,
            consumer=letter.consumer,
            topic=letter.topic,
            key=letter.key.replace(_NUL, "\\0"),
            event_id=letter.event_id,
            reason=letter.reason.replace(_NUL, "\\0")[:REASON_LENGTH_MAX],
            payload=letter.payload,
        )
        .on_conflict_do_nothing()
    )
