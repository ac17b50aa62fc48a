from pydantic import Field

from .base_model import BaseModel


class MarkAllNotificationsRead(BaseModel):
    mark_all_notifications_read: int = Field(alias="markAllNotificationsRead")
