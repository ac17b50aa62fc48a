from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import HoldStatus


class ReleaseHold(BaseModel):
    release_hold: Union[
        "ReleaseHoldReleaseHoldHold",
        "ReleaseHoldReleaseHoldHoldCancelled",
        "ReleaseHoldReleaseHoldHoldCaptured",
    ] = Field(alias="releaseHold", discriminator="typename__")


class ReleaseHoldReleaseHoldHold(BaseModel):
    typename__: Literal["Hold"] = Field(alias="__typename")
    id: str
    status: HoldStatus


class ReleaseHoldReleaseHoldHoldCancelled(BaseModel):
    typename__: Literal["HoldCancelled"] = Field(alias="__typename")
    message: str


class ReleaseHoldReleaseHoldHoldCaptured(BaseModel):
    typename__: Literal["HoldCaptured"] = Field(alias="__typename")
    message: str


ReleaseHold.model_rebuild()
