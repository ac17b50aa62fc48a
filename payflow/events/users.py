"""What users tells: somebody has registered, a session was ended. Topic users.v1, keyed by the user's id."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from payflow.events.envelope import EventData

TOPIC = "users.v1"
SOURCE = "payflow/users"


class _User(EventData):
    TOPIC: ClassVar[str] = TOPIC
    SOURCE: ClassVar[str] = SOURCE

    user_id: UUID

    @property
    def subject(self) -> str:
        return str(self.user_id)


class UserRegistered(_User):
    """Somebody has an account."""

    TYPE: ClassVar[str] = "user.registered.v1"

    registered_at: datetime


class SessionRevoked(_User):
    """A session was ended before its time: its access tokens count no longer, and what is open in its name is to be closed."""

    TYPE: ClassVar[str] = "session.revoked.v1"

    session_id: UUID
    reason: Literal["LOGGED_OUT", "TOKEN_REUSED"]
    revoked_at: datetime
