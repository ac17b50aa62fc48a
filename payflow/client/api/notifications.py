from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import NotificationKind, PaymentRequestStatus


class Notifications(BaseModel):
    notifications: "NotificationsNotifications"


class NotificationsNotifications(BaseModel):
    id: str
    kind: NotificationKind
    title: str
    body: str
    cursor: str
    transfer: Optional["NotificationsNotificationsTransfer"]
    payment_request: Optional["NotificationsNotificationsPaymentRequest"] = Field(
        alias="paymentRequest"
    )
    reward: Optional["NotificationsNotificationsReward"]


class NotificationsNotificationsTransfer(BaseModel):
    id: str
    amount: "NotificationsNotificationsTransferAmount"
    from_: "NotificationsNotificationsTransferFrom" = Field(alias="from")
    to: "NotificationsNotificationsTransferTo"


class NotificationsNotificationsTransferAmount(BaseModel):
    formatted: str


class NotificationsNotificationsTransferFrom(BaseModel):
    owner: "NotificationsNotificationsTransferFromOwner"


class NotificationsNotificationsTransferFromOwner(BaseModel):
    handle: str


class NotificationsNotificationsTransferTo(BaseModel):
    owner: "NotificationsNotificationsTransferToOwner"


class NotificationsNotificationsTransferToOwner(BaseModel):
    handle: str


class NotificationsNotificationsPaymentRequest(BaseModel):
    id: str
    status: PaymentRequestStatus


class NotificationsNotificationsReward(BaseModel):
    id: str
    amount: "NotificationsNotificationsRewardAmount"
    campaign: "NotificationsNotificationsRewardCampaign"


class NotificationsNotificationsRewardAmount(BaseModel):
    formatted: str


class NotificationsNotificationsRewardCampaign(BaseModel):
    name: str


Notifications.model_rebuild()
NotificationsNotifications.model_rebuild()
NotificationsNotificationsTransfer.model_rebuild()
NotificationsNotificationsTransferFrom.model_rebuild()
NotificationsNotificationsTransferTo.model_rebuild()
NotificationsNotificationsReward.model_rebuild()
