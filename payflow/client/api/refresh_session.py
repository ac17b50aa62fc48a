from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class RefreshSession(BaseModel):
    session: Union[
        "RefreshSessionSessionSession", "RefreshSessionSessionInvalidRefreshToken"
    ] = Field(discriminator="typename__")


class RefreshSessionSessionSession(BaseModel):
    typename__: Literal["Session"] = Field(alias="__typename")
    access_token: str = Field(alias="accessToken")
    refresh_token: str = Field(alias="refreshToken")
    expires_in: int = Field(alias="expiresIn")


class RefreshSessionSessionInvalidRefreshToken(BaseModel):
    typename__: Literal["InvalidRefreshToken"] = Field(alias="__typename")
    message: str


RefreshSession.model_rebuild()
