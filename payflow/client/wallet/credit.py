from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Credit(BaseModel):
    credit: Union[
        "CreditCreditEntry",
        "CreditCreditWalletNotFound",
        "CreditCreditWalletClosed",
        "CreditCreditInsufficientFunds",
        "CreditCreditCurrencyMismatch",
        "CreditCreditIdempotencyConflict",
        "CreditCreditInvalidInput",
    ] = Field(discriminator="typename__")


class CreditCreditEntry(BaseModel):
    typename__: Literal["Entry"] = Field(alias="__typename")
    id: str


class CreditCreditWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class CreditCreditWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class CreditCreditInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str
    available: "CreditCreditInsufficientFundsAvailable"


class CreditCreditInsufficientFundsAvailable(BaseModel):
    amount: int
    currency: str


class CreditCreditCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class CreditCreditIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class CreditCreditInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    field: str


Credit.model_rebuild()
CreditCreditInsufficientFunds.model_rebuild()
