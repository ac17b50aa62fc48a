from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Debit(BaseModel):
    debit: Union[
        "DebitDebitEntry",
        "DebitDebitWalletNotFound",
        "DebitDebitWalletFrozen",
        "DebitDebitWalletClosed",
        "DebitDebitInsufficientFunds",
        "DebitDebitCurrencyMismatch",
        "DebitDebitIdempotencyConflict",
        "DebitDebitInvalidInput",
    ] = Field(discriminator="typename__")


class DebitDebitEntry(BaseModel):
    typename__: Literal["Entry"] = Field(alias="__typename")
    id: str
    amount: "DebitDebitEntryAmount"


class DebitDebitEntryAmount(BaseModel):
    amount: int


class DebitDebitWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class DebitDebitWalletFrozen(BaseModel):
    typename__: Literal["WalletFrozen"] = Field(alias="__typename")
    message: str


class DebitDebitWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class DebitDebitInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str
    available: "DebitDebitInsufficientFundsAvailable"
    requested: "DebitDebitInsufficientFundsRequested"


class DebitDebitInsufficientFundsAvailable(BaseModel):
    amount: int
    currency: str


class DebitDebitInsufficientFundsRequested(BaseModel):
    amount: int
    currency: str


class DebitDebitCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class DebitDebitIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class DebitDebitInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    field: str


Debit.model_rebuild()
DebitDebitEntry.model_rebuild()
DebitDebitInsufficientFunds.model_rebuild()
