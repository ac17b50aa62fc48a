from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import TransferStatus


class PayRequest(BaseModel):
    pay_request: Union[
        "PayRequestPayRequestTransfer",
        "PayRequestPayRequestPaymentRequestNotFound",
        "PayRequestPayRequestPaymentRequestClosed",
        "PayRequestPayRequestWalletNotFound",
        "PayRequestPayRequestInsufficientFunds",
        "PayRequestPayRequestCurrencyMismatch",
        "PayRequestPayRequestLimitExceeded",
        "PayRequestPayRequestWalletFrozen",
        "PayRequestPayRequestWalletClosed",
        "PayRequestPayRequestIdempotencyConflict",
        "PayRequestPayRequestInvalidInput",
    ] = Field(alias="payRequest", discriminator="typename__")


class PayRequestPayRequestTransfer(BaseModel):
    typename__: Literal["Transfer"] = Field(alias="__typename")
    id: str
    status: TransferStatus
    failure_code: Optional[str] = Field(alias="failureCode")
    amount: "PayRequestPayRequestTransferAmount"


class PayRequestPayRequestTransferAmount(BaseModel):
    formatted: str


class PayRequestPayRequestPaymentRequestNotFound(BaseModel):
    typename__: Literal["PaymentRequestNotFound"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestPaymentRequestClosed(BaseModel):
    typename__: Literal["PaymentRequestClosed"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestLimitExceeded(BaseModel):
    typename__: Literal["LimitExceeded"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestWalletFrozen(BaseModel):
    typename__: Literal["WalletFrozen"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class PayRequestPayRequestInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


PayRequest.model_rebuild()
PayRequestPayRequestTransfer.model_rebuild()
