from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import PaymentRequestStatus


class DeclineRequest(BaseModel):
    decline_request: Union[
        "DeclineRequestDeclineRequestPaymentRequest",
        "DeclineRequestDeclineRequestPaymentRequestNotFound",
        "DeclineRequestDeclineRequestPaymentRequestClosed",
    ] = Field(alias="declineRequest", discriminator="typename__")


class DeclineRequestDeclineRequestPaymentRequest(BaseModel):
    typename__: Literal["PaymentRequest"] = Field(alias="__typename")
    id: str
    status: PaymentRequestStatus


class DeclineRequestDeclineRequestPaymentRequestNotFound(BaseModel):
    typename__: Literal["PaymentRequestNotFound"] = Field(alias="__typename")
    message: str


class DeclineRequestDeclineRequestPaymentRequestClosed(BaseModel):
    typename__: Literal["PaymentRequestClosed"] = Field(alias="__typename")
    message: str


DeclineRequest.model_rebuild()
