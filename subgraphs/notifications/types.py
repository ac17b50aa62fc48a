"""The GraphQL types of notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from payflow.gql.costs import PAGE, list_of
from payflow.gql.pages import PAGE_DEFAULT, page_of, page_request
from payflow.gql.types import PageInfo
from subgraphs.notifications import domain
from subgraphs.notifications.context import Info
from subgraphs.notifications.cursors import cursor_of, parse_seq
from subgraphs.notifications.domain import NotificationKind
from subgraphs.notifications.loaders import PageKey

strawberry.enum(NotificationKind)

_Entity = TypeVar("_Entity", "Transfer", "PaymentRequest", "Reward")


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Transfer:
    id: strawberry.ID


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class PaymentRequest:
    id: strawberry.ID


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Reward:
    id: strawberry.ID


@strawberry.federation.type(keys=["id"], description="Something a person was told. Only they may see it.")
class Notification:
    id: strawberry.ID
    kind: NotificationKind
    title: str
    body: str
    transfer: Transfer | None = strawberry.field(
        description="What moved the money, or did not; of money that was given back the refund, whose `refundOf` is the payment."
    )
    payment_request: PaymentRequest | None
    reward: Reward | None
    happened_at: datetime
    read_at: datetime | None
    created_at: datetime
    cursor: str = strawberry.field(
        description="Where this one stands in its reader's stream; give it back as `after` to go on from here."
    )

    @classmethod
    def from_domain(cls, notification: domain.Notification) -> Self:
        notice = notification.notice
        return cls(
            id=strawberry.ID(str(notice.id)),
            kind=notice.kind,
            title=notice.title,
            body=notice.body,
            transfer=_reference(Transfer, notice.transfer_id),
            payment_request=_reference(PaymentRequest, notice.payment_request_id),
            reward=_reference(Reward, notice.reward_id),
            happened_at=notice.happened_at,
            read_at=notification.read_at,
            created_at=notification.created_at,
            cursor=cursor_of(notification.seq),
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:
        """One's own; anybody else's is as if there were none."""
        found = await info.context.loaders.notification_by_id.load(id)
        return (
            cls.from_domain(found) if found is not None and info.context.is_self(str(found.notice.reader_id)) else None
        )


@strawberry.type(description="Whether the user is told of a kind. Unless they say otherwise they are.")
class NotificationPreference:
    kind: NotificationKind
    enabled: bool

    @classmethod
    def from_domain(cls, preference: domain.Preference) -> Self:
        return cls(kind=preference.kind, enabled=preference.enabled)


@strawberry.type
class NotificationEdge:
    cursor: str
    node: Notification


@strawberry.type
class NotificationConnection:
    edges: list[NotificationEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(description="The newest first. Only to the user themself, else none.", directives=[PAGE])
    async def notifications(
        self,
        info: Info,
        first: int | None = PAGE_DEFAULT,
        after: str | None = UNSET,
        unread_only: bool | None = False,
    ) -> NotificationConnection:
        request = page_request(first, after or None)
        before = None if request.after is None else parse_seq(request.after)
        key = PageKey(reader_id=self.id, before=before, unread_only=bool(unread_only), most=request.fetch)
        visible = info.context.is_self(self.id)
        rows = await info.context.loaders.notifications_page.load(key) if visible else []
        page = page_of(rows, request, lambda notification: str(notification.seq))
        edges = [NotificationEdge(cursor=cursor, node=Notification.from_domain(row)) for cursor, row in page.rows]
        return NotificationConnection(edges=edges, page_info=page.info)

    @strawberry.field(description="Only to the user themself, else 0.")
    async def unread_notification_count(self, info: Info) -> int:
        return await info.context.loaders.unread_by_reader.load(self.id) if info.context.is_self(self.id) else 0

    @strawberry.field(
        description="Where their stream stands now, also where nothing has come yet: subscribed to with this as `after`,"
        " it misses nothing from here on. Only to the user themself."
    )
    async def notification_cursor(self, info: Info) -> str | None:
        if not info.context.is_self(self.id):
            return None
        return cursor_of(await info.context.loaders.last_seq_by_reader.load(self.id))

    @strawberry.field(
        description="Each kind there is, and whether one is told of it. Only to the user themself, else none.",
        directives=[list_of(len(NotificationKind))],
    )
    async def notification_preferences(self, info: Info) -> list[NotificationPreference]:
        if not info.context.is_self(self.id):
            return []
        muted = await info.context.loaders.muted_by_reader.load(self.id)
        return [NotificationPreference(kind=kind, enabled=kind not in muted) for kind in NotificationKind]

    @classmethod
    def resolve_reference(cls, id: str) -> Self:
        """Whether there is such a person is not for notifications to say: a stranger's fields are empty."""
        return cls(id=strawberry.ID(id))


def _reference(entity: type[_Entity], key: UUID | None) -> _Entity | None:
    return None if key is None else entity(id=strawberry.ID(str(key)))
