from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import HoldStatus


class CaptureHold(BaseModel):
    capture_hold: Union[
        "CaptureHoldCaptureHoldHold",
        "CaptureHoldCaptureHoldHoldNotFound",
        "CaptureHoldCaptureHoldHoldReleased",
        "CaptureHoldCaptureHoldHoldExpired",
    ] = Field(alias="captureHold", discriminator="typename__")


class CaptureHoldCaptureHoldHold(BaseModel):
    typename__: Literal["Hold"] = Field(alias="__typename")
    id: str
    status: HoldStatus


class CaptureHoldCaptureHoldHoldNotFound(BaseModel):
    typename__: Literal["HoldNotFound"] = Field(alias="__typename")
    message: str


class CaptureHoldCaptureHoldHoldReleased(BaseModel):
    typename__: Literal["HoldReleased"] = Field(alias="__typename")
    message: str


class CaptureHoldCaptureHoldHoldExpired(BaseModel):
    typename__: Literal["HoldExpired"] = Field(alias="__typename")
    message: str


CaptureHold.model_rebuild()
