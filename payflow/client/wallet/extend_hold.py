from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import HoldStatus


class ExtendHold(BaseModel):
    extend_hold: Union[
        "ExtendHoldExtendHoldHold",
        "ExtendHoldExtendHoldHoldNotFound",
        "ExtendHoldExtendHoldHoldReleased",
        "ExtendHoldExtendHoldHoldExpired",
        "ExtendHoldExtendHoldHoldCaptured",
        "ExtendHoldExtendHoldInvalidInput",
    ] = Field(alias="extendHold", discriminator="typename__")


class ExtendHoldExtendHoldHold(BaseModel):
    typename__: Literal["Hold"] = Field(alias="__typename")
    id: str
    status: HoldStatus
    expires_at: datetime = Field(alias="expiresAt")


class ExtendHoldExtendHoldHoldNotFound(BaseModel):
    typename__: Literal["HoldNotFound"] = Field(alias="__typename")
    message: str


class ExtendHoldExtendHoldHoldReleased(BaseModel):
    typename__: Literal["HoldReleased"] = Field(alias="__typename")
    message: str


class ExtendHoldExtendHoldHoldExpired(BaseModel):
    typename__: Literal["HoldExpired"] = Field(alias="__typename")
    message: str


class ExtendHoldExtendHoldHoldCaptured(BaseModel):
    typename__: Literal["HoldCaptured"] = Field(alias="__typename")
    message: str


class ExtendHoldExtendHoldInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    field: str


ExtendHold.model_rebuild()
