from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class DepositInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    wallet_id: str = Field(alias="walletId")
    amount: "MoneyInput"
    idempotency_key: str = Field(alias="idempotencyKey")


class LoginInput(BaseModel):
    email: str
    password: str


class MoneyInput(BaseModel):
    amount: int
    currency: str


class PayRequestInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    id: str
    from_wallet_id: str = Field(alias="fromWalletId")
    idempotency_key: str = Field(alias="idempotencyKey")


class RecipientInput(BaseModel):
    """Exactly one of the two."""

    wallet_id: Optional[str] = Field(alias="walletId", default=None)
    handle: Optional[str] = None


class RefundInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    transfer_id: str = Field(alias="transferId")
    amount: Optional["MoneyInput"] = None
    "The whole remainder when left out."
    idempotency_key: str = Field(alias="idempotencyKey")


class RegisterInput(BaseModel):
    email: str
    password: str
    handle: str
    display_name: str = Field(alias="displayName")


class RequestPaymentInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and asks nobody again."""

    payer_handle: str = Field(alias="payerHandle")
    amount: "MoneyInput"
    note: Optional[str] = None
    idempotency_key: str = Field(alias="idempotencyKey")


class TransferInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    from_wallet_id: str = Field(alias="fromWalletId")
    to: "RecipientInput"
    amount: "MoneyInput"
    note: Optional[str] = None
    idempotency_key: str = Field(alias="idempotencyKey")


class WithdrawInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    wallet_id: str = Field(alias="walletId")
    amount: "MoneyInput"
    idempotency_key: str = Field(alias="idempotencyKey")


DepositInput.model_rebuild()
RefundInput.model_rebuild()
RequestPaymentInput.model_rebuild()
TransferInput.model_rebuild()
WithdrawInput.model_rebuild()
