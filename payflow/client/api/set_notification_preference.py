from pydantic import Field

from .base_model import BaseModel
from .enums import NotificationKind


class SetNotificationPreference(BaseModel):
    set_notification_preference: "SetNotificationPreferenceSetNotificationPreference" = Field(
        alias="setNotificationPreference"
    )


class SetNotificationPreferenceSetNotificationPreference(BaseModel):
    kind: NotificationKind
    enabled: bool


SetNotificationPreference.model_rebuild()
