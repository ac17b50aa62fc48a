from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class OpenWallet(BaseModel):
    open_wallet: Union[
        "OpenWalletOpenWalletWallet",
        "OpenWalletOpenWalletWalletExists",
        "OpenWalletOpenWalletInvalidInput",
    ] = Field(alias="openWallet", discriminator="typename__")


class OpenWalletOpenWalletWallet(BaseModel):
    typename__: Literal["Wallet"] = Field(alias="__typename")
    id: str
    currency: str


class OpenWalletOpenWalletWalletExists(BaseModel):
    typename__: Literal["WalletExists"] = Field(alias="__typename")
    message: str


class OpenWalletOpenWalletInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


OpenWallet.model_rebuild()
