from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import NotificationKind, PaymentRequestStatus


class MyNotifications(BaseModel):
    me: "MyNotificationsMe"


class MyNotificationsMe(BaseModel):
    unread_notification_count: int = Field(alias="unreadNotificationCount")
    notification_preferences: list["MyNotificationsMeNotificationPreferences"] = Field(
        alias="notificationPreferences"
    )
    notifications: "MyNotificationsMeNotifications"


class MyNotificationsMeNotificationPreferences(BaseModel):
    kind: NotificationKind
    enabled: bool


class MyNotificationsMeNotifications(BaseModel):
    edges: list["MyNotificationsMeNotificationsEdges"]
    page_info: "MyNotificationsMeNotificationsPageInfo" = Field(alias="pageInfo")


class MyNotificationsMeNotificationsEdges(BaseModel):
    cursor: str
    node: "MyNotificationsMeNotificationsEdgesNode"


class MyNotificationsMeNotificationsEdgesNode(BaseModel):
    id: str
    kind: NotificationKind
    title: str
    body: str
    read_at: Optional[datetime] = Field(alias="readAt")
    happened_at: datetime = Field(alias="happenedAt")
    transfer: Optional["MyNotificationsMeNotificationsEdgesNodeTransfer"]
    payment_request: Optional[
        "MyNotificationsMeNotificationsEdgesNodePaymentRequest"
    ] = Field(alias="paymentRequest")
    reward: Optional["MyNotificationsMeNotificationsEdgesNodeReward"]


class MyNotificationsMeNotificationsEdgesNodeTransfer(BaseModel):
    id: str


class MyNotificationsMeNotificationsEdgesNodePaymentRequest(BaseModel):
    id: str
    status: PaymentRequestStatus


class MyNotificationsMeNotificationsEdgesNodeReward(BaseModel):
    id: str


class MyNotificationsMeNotificationsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


MyNotifications.model_rebuild()
MyNotificationsMe.model_rebuild()
MyNotificationsMeNotifications.model_rebuild()
MyNotificationsMeNotificationsEdges.model_rebuild()
MyNotificationsMeNotificationsEdgesNode.model_rebuild()
