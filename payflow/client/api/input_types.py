from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class DepositInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    wallet_id: str = Field(alias="walletId")
    amount: "MoneyInput"
    idempotency_key: str = Field(alias="idempotencyKey")


class MoneyInput(BaseModel):
    amount: int
    currency: str


class RecipientInput(BaseModel):
    """Exactly one of the two."""

    wallet_id: Optional[str] = Field(alias="walletId", default=None)
    handle: Optional[str] = None


class RegisterInput(BaseModel):
    email: str
    password: str
    handle: str
    display_name: str = Field(alias="displayName")


class TransferInput(BaseModel):
    """idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."""

    from_wallet_id: str = Field(alias="fromWalletId")
    to: "RecipientInput"
    amount: "MoneyInput"
    note: Optional[str] = None
    idempotency_key: str = Field(alias="idempotencyKey")


DepositInput.model_rebuild()
TransferInput.model_rebuild()
