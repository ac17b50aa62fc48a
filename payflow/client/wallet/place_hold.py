from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import HoldStatus


class PlaceHold(BaseModel):
    place_hold: Union[
        "PlaceHoldPlaceHoldHold",
        "PlaceHoldPlaceHoldWalletNotFound",
        "PlaceHoldPlaceHoldWalletFrozen",
        "PlaceHoldPlaceHoldWalletClosed",
        "PlaceHoldPlaceHoldSameWallet",
        "PlaceHoldPlaceHoldCurrencyMismatch",
        "PlaceHoldPlaceHoldInsufficientFunds",
        "PlaceHoldPlaceHoldHoldCancelled",
        "PlaceHoldPlaceHoldIdempotencyConflict",
        "PlaceHoldPlaceHoldInvalidInput",
    ] = Field(alias="placeHold", discriminator="typename__")


class PlaceHoldPlaceHoldHold(BaseModel):
    typename__: Literal["Hold"] = Field(alias="__typename")
    id: str
    status: HoldStatus
    expires_at: datetime = Field(alias="expiresAt")


class PlaceHoldPlaceHoldWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldWalletFrozen(BaseModel):
    typename__: Literal["WalletFrozen"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldSameWallet(BaseModel):
    typename__: Literal["SameWallet"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str
    available: "PlaceHoldPlaceHoldInsufficientFundsAvailable"
    requested: "PlaceHoldPlaceHoldInsufficientFundsRequested"


class PlaceHoldPlaceHoldInsufficientFundsAvailable(BaseModel):
    amount: int
    currency: str


class PlaceHoldPlaceHoldInsufficientFundsRequested(BaseModel):
    amount: int
    currency: str


class PlaceHoldPlaceHoldHoldCancelled(BaseModel):
    typename__: Literal["HoldCancelled"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class PlaceHoldPlaceHoldInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    field: str


PlaceHold.model_rebuild()
PlaceHoldPlaceHoldInsufficientFunds.model_rebuild()
