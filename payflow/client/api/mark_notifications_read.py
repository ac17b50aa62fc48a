from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class MarkNotificationsRead(BaseModel):
    mark_notifications_read: list["MarkNotificationsReadMarkNotificationsRead"] = Field(
        alias="markNotificationsRead"
    )


class MarkNotificationsReadMarkNotificationsRead(BaseModel):
    id: str
    read_at: Optional[datetime] = Field(alias="readAt")


MarkNotificationsRead.model_rebuild()
