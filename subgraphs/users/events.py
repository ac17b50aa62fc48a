"""What users emits: that somebody has registered, and that a session was ended."""

from __future__ import annotations

from datetime import datetime

from payflow.events.envelope import to_record
from payflow.events.users import SessionRevoked, UserRegistered
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import derived_id
from payflow.kernel.outbox import Outbox
from subgraphs.users.domain import EndReason, User
from subgraphs.users.refresh import StoredSession


async def user_registered(outbox: Outbox, work: UnitOfWork, user: User) -> None:
    """Tell that there is somebody new. Its id is derived, so nobody can be told to have registered twice."""
    event_id = derived_id(user.id, "REGISTERED")
    data = UserRegistered(user_id=user.id, registered_at=user.created_at)
    await outbox.add(work, event_id=event_id, record=to_record(data, event_id=event_id, time=user.created_at))


async def session_revoked(
    outbox: Outbox, work: UnitOfWork, session: StoredSession, *, reason: EndReason, now: datetime
) -> None:
    """Tell that a session was ended; once, likewise. To be called under the lock of its row."""
    event_id = derived_id(session.id, "REVOKED")
    data = SessionRevoked(user_id=session.user_id, session_id=session.id, reason=reason.value, revoked_at=now)
    await outbox.add(work, event_id=event_id, record=to_record(data, event_id=event_id, time=now))
