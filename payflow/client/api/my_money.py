from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import EntryKind


class MyMoney(BaseModel):
    me: "MyMoneyMe"


class MyMoneyMe(BaseModel):
    handle: str
    wallets: list["MyMoneyMeWallets"]
    rewards_earned: list["MyMoneyMeRewardsEarned"] = Field(alias="rewardsEarned")
    unread_notification_count: int = Field(alias="unreadNotificationCount")


class MyMoneyMeWallets(BaseModel):
    id: str
    currency: str
    balance: Optional["MyMoneyMeWalletsBalance"]
    entries: Optional["MyMoneyMeWalletsEntries"]


class MyMoneyMeWalletsBalance(BaseModel):
    available: "MyMoneyMeWalletsBalanceAvailable"


class MyMoneyMeWalletsBalanceAvailable(BaseModel):
    amount: int
    formatted: str


class MyMoneyMeWalletsEntries(BaseModel):
    edges: list["MyMoneyMeWalletsEntriesEdges"]


class MyMoneyMeWalletsEntriesEdges(BaseModel):
    node: "MyMoneyMeWalletsEntriesEdgesNode"


class MyMoneyMeWalletsEntriesEdgesNode(BaseModel):
    kind: EntryKind
    amount: "MyMoneyMeWalletsEntriesEdgesNodeAmount"
    balance_after: "MyMoneyMeWalletsEntriesEdgesNodeBalanceAfter" = Field(
        alias="balanceAfter"
    )


class MyMoneyMeWalletsEntriesEdgesNodeAmount(BaseModel):
    formatted: str


class MyMoneyMeWalletsEntriesEdgesNodeBalanceAfter(BaseModel):
    formatted: str


class MyMoneyMeRewardsEarned(BaseModel):
    formatted: str


MyMoney.model_rebuild()
MyMoneyMe.model_rebuild()
MyMoneyMeWallets.model_rebuild()
MyMoneyMeWalletsBalance.model_rebuild()
MyMoneyMeWalletsEntries.model_rebuild()
MyMoneyMeWalletsEntriesEdges.model_rebuild()
MyMoneyMeWalletsEntriesEdgesNode.model_rebuild()
