from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import PaymentRequestStatus, TransferStatus


class PaymentRequests(BaseModel):
    me: "PaymentRequestsMe"


class PaymentRequestsMe(BaseModel):
    id: str
    payment_requests: "PaymentRequestsMePaymentRequests" = Field(
        alias="paymentRequests"
    )


class PaymentRequestsMePaymentRequests(BaseModel):
    edges: list["PaymentRequestsMePaymentRequestsEdges"]
    page_info: "PaymentRequestsMePaymentRequestsPageInfo" = Field(alias="pageInfo")


class PaymentRequestsMePaymentRequestsEdges(BaseModel):
    cursor: str
    node: "PaymentRequestsMePaymentRequestsEdgesNode"


class PaymentRequestsMePaymentRequestsEdgesNode(BaseModel):
    id: str
    status: PaymentRequestStatus
    note: Optional[str]
    created_at: datetime = Field(alias="createdAt")
    expires_at: datetime = Field(alias="expiresAt")
    amount: "PaymentRequestsMePaymentRequestsEdgesNodeAmount"
    requester: "PaymentRequestsMePaymentRequestsEdgesNodeRequester"
    payer: "PaymentRequestsMePaymentRequestsEdgesNodePayer"
    transfer: Optional["PaymentRequestsMePaymentRequestsEdgesNodeTransfer"]


class PaymentRequestsMePaymentRequestsEdgesNodeAmount(BaseModel):
    amount: int
    currency: str
    formatted: str


class PaymentRequestsMePaymentRequestsEdgesNodeRequester(BaseModel):
    handle: str


class PaymentRequestsMePaymentRequestsEdgesNodePayer(BaseModel):
    handle: str


class PaymentRequestsMePaymentRequestsEdgesNodeTransfer(BaseModel):
    id: str
    status: TransferStatus


class PaymentRequestsMePaymentRequestsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


PaymentRequests.model_rebuild()
PaymentRequestsMe.model_rebuild()
PaymentRequestsMePaymentRequests.model_rebuild()
PaymentRequestsMePaymentRequestsEdges.model_rebuild()
PaymentRequestsMePaymentRequestsEdgesNode.model_rebuild()
