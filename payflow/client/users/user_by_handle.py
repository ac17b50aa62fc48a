from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class UserByHandle(BaseModel):
    user_by_handle: Optional["UserByHandleUserByHandle"] = Field(alias="userByHandle")


class UserByHandleUserByHandle(BaseModel):
    id: str
    handle: str


UserByHandle.model_rebuild()
