from typing import Optional

from .base_model import BaseModel


class TwoWallets(BaseModel):
    one: Optional["TwoWalletsOne"]
    other: Optional["TwoWalletsOther"]


class TwoWalletsOne(BaseModel):
    id: str
    currency: str
    owner: "TwoWalletsOneOwner"


class TwoWalletsOneOwner(BaseModel):
    id: str


class TwoWalletsOther(BaseModel):
    id: str
    currency: str
    owner: "TwoWalletsOtherOwner"


class TwoWalletsOtherOwner(BaseModel):
    id: str


TwoWallets.model_rebuild()
TwoWalletsOne.model_rebuild()
TwoWalletsOther.model_rebuild()
