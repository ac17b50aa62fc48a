from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Login(BaseModel):
    session: Union[
        "LoginSessionSession",
        "LoginSessionInvalidCredentials",
        "LoginSessionTooManyAttempts",
    ] = Field(discriminator="typename__")


class LoginSessionSession(BaseModel):
    typename__: Literal["Session"] = Field(alias="__typename")
    access_token: str = Field(alias="accessToken")
    refresh_token: str = Field(alias="refreshToken")
    expires_in: int = Field(alias="expiresIn")
    user: "LoginSessionSessionUser"


class LoginSessionSessionUser(BaseModel):
    id: str
    handle: str
    display_name: str = Field(alias="displayName")


class LoginSessionInvalidCredentials(BaseModel):
    typename__: Literal["InvalidCredentials"] = Field(alias="__typename")
    message: str


class LoginSessionTooManyAttempts(BaseModel):
    typename__: Literal["TooManyAttempts"] = Field(alias="__typename")
    message: str
    retry_after: int = Field(alias="retryAfter")


Login.model_rebuild()
LoginSessionSession.model_rebuild()
