"""The subscription of notifications: one's own stream, live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

import strawberry
from strawberry import UNSET

from subgraphs.notifications.context import Info
from subgraphs.notifications.cursors import seq_at
from subgraphs.notifications.types import Notification


@strawberry.type
class Subscription:
    @strawberry.federation.field(
        is_subscription=True,
        authenticated=True,
        description="The reader's notifications as they come. With `after`, those since that cursor first, then the"
        " live ones: nothing missed, nothing twice. A cursor whose next notifications are not kept any more is CURSOR_EXPIRED.",
    )
    async def notifications(self, info: Info, after: str | None = UNSET) -> AsyncIterator[Notification]:
        reader_id = UUID(info.context.principal.require_user())
        position = seq_at(after) if after else None
        async with aclosing(info.context.streams.follow(reader_id, after=position)) as notifications:
            async for notification in notifications:
                yield Notification.from_domain(notification)
