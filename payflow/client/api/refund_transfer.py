from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import TransferStatus


class RefundTransfer(BaseModel):
    refund_transfer: Union[
        "RefundTransferRefundTransferTransfer",
        "RefundTransferRefundTransferTransferNotFound",
        "RefundTransferRefundTransferNotRefundable",
        "RefundTransferRefundTransferInsufficientFunds",
        "RefundTransferRefundTransferCurrencyMismatch",
        "RefundTransferRefundTransferWalletFrozen",
        "RefundTransferRefundTransferWalletClosed",
        "RefundTransferRefundTransferIdempotencyConflict",
        "RefundTransferRefundTransferInvalidInput",
    ] = Field(alias="refundTransfer", discriminator="typename__")


class RefundTransferRefundTransferTransfer(BaseModel):
    typename__: Literal["Transfer"] = Field(alias="__typename")
    id: str
    amount: "RefundTransferRefundTransferTransferAmount"
    refunded: "RefundTransferRefundTransferTransferRefunded"
    refunds: list["RefundTransferRefundTransferTransferRefunds"]


class RefundTransferRefundTransferTransferAmount(BaseModel):
    formatted: str


class RefundTransferRefundTransferTransferRefunded(BaseModel):
    amount: int
    formatted: str


class RefundTransferRefundTransferTransferRefunds(BaseModel):
    id: str
    status: TransferStatus
    failure_code: Optional[str] = Field(alias="failureCode")
    amount: "RefundTransferRefundTransferTransferRefundsAmount"


class RefundTransferRefundTransferTransferRefundsAmount(BaseModel):
    formatted: str


class RefundTransferRefundTransferTransferNotFound(BaseModel):
    typename__: Literal["TransferNotFound"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferNotRefundable(BaseModel):
    typename__: Literal["NotRefundable"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferWalletFrozen(BaseModel):
    typename__: Literal["WalletFrozen"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class RefundTransferRefundTransferInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


RefundTransfer.model_rebuild()
RefundTransferRefundTransferTransfer.model_rebuild()
RefundTransferRefundTransferTransferRefunds.model_rebuild()
