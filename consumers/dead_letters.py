"""Which failures pass and which never will; and how a message that never will is put down. Pure.

passes     another part is away (database, wallet service, network): tried a few times in place, then parked
permanent  the message is malformed, of a version that we do not know, the domain refuses it, or the database will not store such
           values: buried at once
unknown    a bug of ours: tried UNEXPECTED_ATTEMPTS_MAX times, then buried, so that one event does not hold up all others
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from consumers.broker import Message
from consumers.handlers import UnknownVersion
from payflow.events.envelope import MalformedEvent, read_envelope
from payflow.kernel.dead_letters import DeadLetter
from payflow.kernel.errors import DependencyUnavailable, Refusal, one_line

UNEXPECTED_ATTEMPTS_MAX = 5
# SQLSTATE classes (PostgreSQL appendix A): data exceptions, violations of integrity constraints.
_PERMANENT_SQLSTATES = ("22", "23")


def is_permanent(error: Exception, *, attempts: int) -> bool:
    """Whether a message that has failed `attempts` times, now with this error, is to be given up."""
    if isinstance(error, MalformedEvent | UnknownVersion | Refusal):
        return True
    if isinstance(error, DBAPIError):
        return _sqlstate(error).startswith(_PERMANENT_SQLSTATES)
    if isinstance(error, DependencyUnavailable | SQLAlchemyError | OSError):
        return False
    return attempts >= UNEXPECTED_ATTEMPTS_MAX


def letter_of(message: Message, *, consumer: str, error: Exception) -> DeadLetter:
    """The message, with what is known of it."""
    try:
        event_id = read_envelope(message.value).id
    except MalformedEvent:
        event_id = None
    return DeadLetter(
        consumer=consumer,
        topic=message.topic,
        key=message.key,
        event_id=event_id,
        reason=reason_of(error),
        payload=message.value,
    )


def reason_of(error: Exception) -> str:
    """What went wrong, in one line."""
    return f"{type(error).__name__}: {one_line(error)}"


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
