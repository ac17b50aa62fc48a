from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Withdraw(BaseModel):
    withdraw: Union[
        "WithdrawWithdrawEntry",
        "WithdrawWithdrawWalletNotFound",
        "WithdrawWithdrawWalletFrozen",
        "WithdrawWithdrawWalletClosed",
        "WithdrawWithdrawInsufficientFunds",
        "WithdrawWithdrawCurrencyMismatch",
        "WithdrawWithdrawIdempotencyConflict",
        "WithdrawWithdrawInvalidInput",
    ] = Field(discriminator="typename__")


class WithdrawWithdrawEntry(BaseModel):
    typename__: Literal["Entry"] = Field(alias="__typename")
    id: str
    amount: "WithdrawWithdrawEntryAmount"
    balance_after: "WithdrawWithdrawEntryBalanceAfter" = Field(alias="balanceAfter")


class WithdrawWithdrawEntryAmount(BaseModel):
    formatted: str


class WithdrawWithdrawEntryBalanceAfter(BaseModel):
    formatted: str


class WithdrawWithdrawWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class WithdrawWithdrawWalletFrozen(BaseModel):
    typename__: Literal["WalletFrozen"] = Field(alias="__typename")
    message: str


class WithdrawWithdrawWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class WithdrawWithdrawInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str


class WithdrawWithdrawCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class WithdrawWithdrawIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class WithdrawWithdrawInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


Withdraw.model_rebuild()
WithdrawWithdrawEntry.model_rebuild()
