from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import PaymentRequestStatus


class CancelRequest(BaseModel):
    cancel_request: Union[
        "CancelRequestCancelRequestPaymentRequest",
        "CancelRequestCancelRequestPaymentRequestNotFound",
        "CancelRequestCancelRequestPaymentRequestClosed",
    ] = Field(alias="cancelRequest", discriminator="typename__")


class CancelRequestCancelRequestPaymentRequest(BaseModel):
    typename__: Literal["PaymentRequest"] = Field(alias="__typename")
    id: str
    status: PaymentRequestStatus


class CancelRequestCancelRequestPaymentRequestNotFound(BaseModel):
    typename__: Literal["PaymentRequestNotFound"] = Field(alias="__typename")
    message: str


class CancelRequestCancelRequestPaymentRequestClosed(BaseModel):
    typename__: Literal["PaymentRequestClosed"] = Field(alias="__typename")
    message: str


CancelRequest.model_rebuild()
