from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import EntryKind, WalletStatus


class Statement(BaseModel):
    wallet: Optional["StatementWallet"]


class StatementWallet(BaseModel):
    id: str
    currency: str
    status: WalletStatus
    entries: Optional["StatementWalletEntries"]


class StatementWalletEntries(BaseModel):
    edges: list["StatementWalletEntriesEdges"]
    page_info: "StatementWalletEntriesPageInfo" = Field(alias="pageInfo")


class StatementWalletEntriesEdges(BaseModel):
    cursor: str
    node: "StatementWalletEntriesEdgesNode"


class StatementWalletEntriesEdgesNode(BaseModel):
    id: str
    kind: EntryKind
    created_at: datetime = Field(alias="createdAt")
    amount: "StatementWalletEntriesEdgesNodeAmount"
    balance_after: "StatementWalletEntriesEdgesNodeBalanceAfter" = Field(
        alias="balanceAfter"
    )
    transfer: Optional["StatementWalletEntriesEdgesNodeTransfer"]


class StatementWalletEntriesEdgesNodeAmount(BaseModel):
    amount: int
    formatted: str


class StatementWalletEntriesEdgesNodeBalanceAfter(BaseModel):
    amount: int
    formatted: str


class StatementWalletEntriesEdgesNodeTransfer(BaseModel):
    id: str
    note: Optional[str]


class StatementWalletEntriesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


Statement.model_rebuild()
StatementWallet.model_rebuild()
StatementWalletEntries.model_rebuild()
StatementWalletEntriesEdges.model_rebuild()
StatementWalletEntriesEdgesNode.model_rebuild()
