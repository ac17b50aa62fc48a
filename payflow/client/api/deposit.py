from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Deposit(BaseModel):
    deposit: Union[
        "DepositDepositEntry",
        "DepositDepositWalletNotFound",
        "DepositDepositWalletClosed",
        "DepositDepositCurrencyMismatch",
        "DepositDepositIdempotencyConflict",
        "DepositDepositInvalidInput",
    ] = Field(discriminator="typename__")


class DepositDepositEntry(BaseModel):
    typename__: Literal["Entry"] = Field(alias="__typename")
    id: str
    amount: "DepositDepositEntryAmount"
    balance_after: "DepositDepositEntryBalanceAfter" = Field(alias="balanceAfter")


class DepositDepositEntryAmount(BaseModel):
    formatted: str


class DepositDepositEntryBalanceAfter(BaseModel):
    formatted: str


class DepositDepositWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class DepositDepositWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class DepositDepositCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class DepositDepositIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class DepositDepositInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


Deposit.model_rebuild()
DepositDepositEntry.model_rebuild()
