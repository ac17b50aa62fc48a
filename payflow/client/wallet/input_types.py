from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import CreditSource, HoldPurpose


class CreditInput(BaseModel):
    wallet_id: str = Field(alias="walletId")
    amount: "MoneyInput"
    source: CreditSource
    transfer_id: Optional[str] = Field(alias="transferId", default=None)
    idempotency_key: str = Field(alias="idempotencyKey")
    "1-64 characters; scoped by source."
    campaign_id: Optional[str] = Field(alias="campaignId", default=None)


class DebitInput(BaseModel):
    wallet_id: str = Field(alias="walletId")
    amount: "MoneyInput"
    source: CreditSource
    "What is paid back to. A campaign gets as much of the amount as the wallet has: the entry says how much."
    transfer_id: Optional[str] = Field(alias="transferId", default=None)
    idempotency_key: str = Field(alias="idempotencyKey")
    "1-64 characters; scoped by source."
    campaign_id: Optional[str] = Field(alias="campaignId", default=None)


class MoneyInput(BaseModel):
    amount: int
    currency: str


class PlaceHoldInput(BaseModel):
    id: str
    "A UUID chosen by the caller: hold id and idempotency key in one."
    payer_id: str = Field(alias="payerId")
    "The user who pays: `fromWalletId` must be theirs, else it is WalletNotFound."
    from_wallet_id: str = Field(alias="fromWalletId")
    to_wallet_id: str = Field(alias="toWalletId")
    amount: "MoneyInput"
    transfer_id: str = Field(alias="transferId")
    "A UUID, which both statements name."
    expires_in_seconds: int = Field(alias="expiresInSeconds")
    "After this the hold cannot be captured any more."
    purpose: HoldPurpose = HoldPurpose.TRANSFER


CreditInput.model_rebuild()
DebitInput.model_rebuild()
PlaceHoldInput.model_rebuild()
