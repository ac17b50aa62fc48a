from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import WalletStatus


class WalletUpdated(BaseModel):
    wallet_updated: "WalletUpdatedWalletUpdated" = Field(alias="walletUpdated")


class WalletUpdatedWalletUpdated(BaseModel):
    id: str
    status: WalletStatus
    balance: Optional["WalletUpdatedWalletUpdatedBalance"]


class WalletUpdatedWalletUpdatedBalance(BaseModel):
    available: "WalletUpdatedWalletUpdatedBalanceAvailable"
    held: "WalletUpdatedWalletUpdatedBalanceHeld"
    total: "WalletUpdatedWalletUpdatedBalanceTotal"


class WalletUpdatedWalletUpdatedBalanceAvailable(BaseModel):
    amount: int
    formatted: str


class WalletUpdatedWalletUpdatedBalanceHeld(BaseModel):
    amount: int
    formatted: str


class WalletUpdatedWalletUpdatedBalanceTotal(BaseModel):
    amount: int
    formatted: str


WalletUpdated.model_rebuild()
WalletUpdatedWalletUpdated.model_rebuild()
WalletUpdatedWalletUpdatedBalance.model_rebuild()
