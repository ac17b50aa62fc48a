from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import TransferStatus


class Transfer(BaseModel):
    transfer: Union[
        "TransferTransferTransfer",
        "TransferTransferWalletNotFound",
        "TransferTransferRecipientNotFound",
        "TransferTransferSameWallet",
        "TransferTransferInsufficientFunds",
        "TransferTransferCurrencyMismatch",
        "TransferTransferLimitExceeded",
        "TransferTransferWalletFrozen",
        "TransferTransferWalletClosed",
        "TransferTransferIdempotencyConflict",
        "TransferTransferInvalidInput",
    ] = Field(discriminator="typename__")


class TransferTransferTransfer(BaseModel):
    typename__: Literal["Transfer"] = Field(alias="__typename")
    id: str
    status: TransferStatus
    failure_code: Optional[str] = Field(alias="failureCode")
    amount: "TransferTransferTransferAmount"
    to: "TransferTransferTransferTo"


class TransferTransferTransferAmount(BaseModel):
    formatted: str


class TransferTransferTransferTo(BaseModel):
    owner: "TransferTransferTransferToOwner"


class TransferTransferTransferToOwner(BaseModel):
    handle: str
    display_name: str = Field(alias="displayName")


class TransferTransferWalletNotFound(BaseModel):
    typename__: Literal["WalletNotFound"] = Field(alias="__typename")
    message: str


class TransferTransferRecipientNotFound(BaseModel):
    typename__: Literal["RecipientNotFound"] = Field(alias="__typename")
    message: str


class TransferTransferSameWallet(BaseModel):
    typename__: Literal["SameWallet"] = Field(alias="__typename")
    message: str


class TransferTransferInsufficientFunds(BaseModel):
    typename__: Literal["InsufficientFunds"] = Field(alias="__typename")
    message: str


class TransferTransferCurrencyMismatch(BaseModel):
    typename__: Literal["CurrencyMismatch"] = Field(alias="__typename")
    message: str


class TransferTransferLimitExceeded(BaseModel):
    typename__: Literal["LimitExceeded"] = Field(alias="__typename")
    message: str


class TransferTransferWalletFrozen(BaseModel):
    typename__: Literal["WalletFrozen"] = Field(alias="__typename")
    message: str


class TransferTransferWalletClosed(BaseModel):
    typename__: Literal["WalletClosed"] = Field(alias="__typename")
    message: str


class TransferTransferIdempotencyConflict(BaseModel):
    typename__: Literal["IdempotencyConflict"] = Field(alias="__typename")
    message: str


class TransferTransferInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


Transfer.model_rebuild()
TransferTransferTransfer.model_rebuild()
TransferTransferTransferTo.model_rebuild()
