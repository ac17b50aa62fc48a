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
        "CaptureHoldCaptureHoldHoldCaptured",
        "CaptureHoldCaptureHoldWalletClosed",
        "CaptureHoldCaptureHoldCaptureExceedsHold",
        "CaptureHoldCaptureHoldCurrencyMismatch",
        "CaptureHoldCaptureHoldIdempotencyConflict",
        "CaptureHoldCaptureHoldInvalidInput",
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


class CaptureHoldCaptureHoldHoldCaptured(BaseModel):
    typename__: Literal["HoldCaptured"] = Field(alias="__typename")
    message: str


class CaptureHoldCaptureHoldWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class CaptureHoldCaptureHoldCaptureExceedsHold(BaseModel):
    typename__: Literal["CaptureExceedsHold"] = Field(alias="__typename")
    message: str
    remaining: "CaptureHoldCaptureHoldCaptureExceedsHoldRemaining"
    requested: "CaptureHoldCaptureHoldCaptureExceedsHoldRequested"


class CaptureHoldCaptureHoldCaptureExceedsHoldRemaining(BaseModel):
    amount: int
    currency: str


class CaptureHoldCaptureHoldCaptureExceedsHoldRequested(BaseModel):
    amount: int
    currency: str


class CaptureHoldCaptureHoldCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class CaptureHoldCaptureHoldIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class CaptureHoldCaptureHoldInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    field: str


CaptureHold.model_rebuild()
CaptureHoldCaptureHoldCaptureExceedsHold.model_rebuild()
