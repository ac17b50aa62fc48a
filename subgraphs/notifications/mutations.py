"""The door of notifications: what readers do with their own stream."""

from __future__ import annotations

from uuid import UUID

import strawberry
from strawberry import UNSET

from payflow.kernel.ids import parse_id
from subgraphs.notifications import domain, store
from subgraphs.notifications.context import Info
from subgraphs.notifications.cursors import seq_at
from subgraphs.notifications.domain import NotificationKind
from subgraphs.notifications.service import MARKED_MAX
from subgraphs.notifications.types import Notification, NotificationPreference


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        description="Answers one's own among these, read by now; ids that are nobody's or another's are passed over. 100 at a time.",
    )
    async def mark_notifications_read(self, info: Info, ids: list[strawberry.ID]) -> list[Notification]:
        named = [key for key in map(parse_id, ids) if key is not None]
        async with info.context.database.unit_of_work() as work:
            marked = await info.context.notifications.mark_read(_user(info), named, work)
        return [Notification.from_domain(notification) for notification in marked]

    @strawberry.federation.mutation(
        authenticated=True,
        description="Marks everything up to the notification with this cursor, by default the newest there is now; answers how many were"
        " unread. What comes meanwhile stays unread.",
    )
    async def mark_all_notifications_read(self, info: Info, up_to: str | None = UNSET) -> int:
        reader_id = _user(info)
        async with info.context.database.read() as connection:
            stream = await store.stream(connection, reader_id)
        last = stream.place(seq_at(up_to) if up_to else None)
        total, marked = 0, MARKED_MAX
        while marked == MARKED_MAX:
            async with info.context.database.unit_of_work() as work:
                marked = await info.context.notifications.mark_oldest_read(reader_id, work, up_to=last)
            total += marked
        return total

    @strawberry.federation.mutation(
        authenticated=True,
        description="Whether one is told of a kind from now on. What money does always stands in the wallet's"
        " statement. SESSION_ENDED cannot be muted.",
    )
    async def set_notification_preference(
        self, info: Info, kind: NotificationKind, enabled: bool
    ) -> NotificationPreference:
        preference = domain.Preference(kind, enabled)
        async with info.context.database.unit_of_work() as work:
            await info.context.notifications.prefer(_user(info), preference, work)
        return NotificationPreference.from_domain(preference)


def _user(info: Info) -> UUID:
    """Who is signed in. Raises Unauthenticated."""
    return UUID(info.context.principal.require_user())
