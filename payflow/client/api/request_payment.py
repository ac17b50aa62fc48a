from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import PaymentRequestStatus


class RequestPayment(BaseModel):
    request_payment: Union[
        "RequestPaymentRequestPaymentPaymentRequest",
        "RequestPaymentRequestPaymentRecipientNotFound",
        "RequestPaymentRequestPaymentWalletNotFound",
        "RequestPaymentRequestPaymentTooManyOpenRequests",
        "RequestPaymentRequestPaymentIdempotencyConflict",
        "RequestPaymentRequestPaymentInvalidInput",
    ] = Field(alias="requestPayment", discriminator="typename__")


class RequestPaymentRequestPaymentPaymentRequest(BaseModel):
    typename__: Literal["PaymentRequest"] = Field(alias="__typename")
    id: str
    status: PaymentRequestStatus
    expires_at: datetime = Field(alias="expiresAt")
    amount: "RequestPaymentRequestPaymentPaymentRequestAmount"
    payer: "RequestPaymentRequestPaymentPaymentRequestPayer"


class RequestPaymentRequestPaymentPaymentRequestAmount(BaseModel):
    formatted: str


class RequestPaymentRequestPaymentPaymentRequestPayer(BaseModel):
    handle: str
    display_name: str = Field(alias="displayName")


class RequestPaymentRequestPaymentRecipientNotFound(BaseModel):
    typename__: Literal["RecipientNotFound"] = Field(alias="__typename")
    message: str


class RequestPaymentRequestPaymentWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class RequestPaymentRequestPaymentTooManyOpenRequests(BaseModel):
    typename__: Literal["TooManyOpenRequests"] = Field(alias="__typename")
    message: str


class RequestPaymentRequestPaymentIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class RequestPaymentRequestPaymentInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


RequestPayment.model_rebuild()
RequestPaymentRequestPaymentPaymentRequest.model_rebuild()
