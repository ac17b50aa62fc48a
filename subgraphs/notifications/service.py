"""The use cases of notifications: write what has happened into the streams of those it concerns, and what readers do with theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.hints import Hints
from subgraphs.notifications import store
from subgraphs.notifications.domain import NEVER_MUTED, Notice, Notification, Preference, stream_subject

MARKED_IDS_MAX = 100  # named by one request: the largest page there is
MARKED_MAX = 1_000  # by one commit; bounds how long what comes meanwhile waits for the stream


@dataclass(frozen=True, slots=True)
class Notifications:
    """The service. `hints` wakes open subscriptions after the commit; the door opens the unit of work."""

    hints: Hints
    clock: Clock

    async def tell(self, notices: Sequence[Notice], work: UnitOfWork) -> None:
        """Append those that are new to their readers' streams, in this order, without what a reader has muted.

        Who is new to nobody changes nothing.
        """
        for reader_id in await store.append(work, notices, now=self.clock.now()):
            work.after_commit(partial(self.hints.publish, stream_subject(reader_id)))

    async def mark_read(self, reader_id: UUID, ids: Sequence[UUID], work: UnitOfWork) -> list[Notification]:
        """The reader's own among these, in this order, read by now; what was read before stays as it was.

        Raises InvalidArgument for more than MARKED_IDS_MAX.
        """
        if len(ids) > MARKED_IDS_MAX:
            raise InvalidArgument(f"ids may name {MARKED_IDS_MAX} notifications at a time, got {len(ids)}")
        await store.mark_read(work, reader_id, ids, now=self.clock.now())
        found = await store.by_ids(work.connection, ids)
        own = (found[key] for key in dict.fromkeys(ids) if key in found)
        return [notification for notification in own if notification.notice.reader_id == reader_id]

    async def mark_oldest_read(self, reader_id: UUID, work: UnitOfWork, *, up_to: int) -> int:
        """Mark the reader's oldest unread notifications, MARKED_MAX at most and none behind `up_to`; answers how many."""
        return await store.mark_oldest_read(work, reader_id, up_to=up_to, most=MARKED_MAX, now=self.clock.now())

    async def prefer(self, reader_id: UUID, preference: Preference, work: UnitOfWork) -> None:
        """From now on tell the reader of this kind, or do not. Raises InvalidArgument for one that nobody can mute."""
        if preference.kind in NEVER_MUTED and not preference.enabled:
            raise InvalidArgument(f"{preference.kind} cannot be muted: it concerns the safety of your account.")
        await store.set_preference(work, reader_id, preference, now=self.clock.now())
