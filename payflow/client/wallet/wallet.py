from typing import Optional

from .base_model import BaseModel


class Wallet(BaseModel):
    wallet: Optional["WalletWallet"]


class WalletWallet(BaseModel):
    id: str
    currency: str
    owner: "WalletWalletOwner"


class WalletWalletOwner(BaseModel):
    id: str


Wallet.model_rebuild()
WalletWallet.model_rebuild()
