from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class WalletOf(BaseModel):
    wallet_of: Optional["WalletOfWalletOf"] = Field(alias="walletOf")


class WalletOfWalletOf(BaseModel):
    id: str
    currency: str
    owner: "WalletOfWalletOfOwner"


class WalletOfWalletOfOwner(BaseModel):
    id: str


WalletOf.model_rebuild()
WalletOfWalletOf.model_rebuild()
