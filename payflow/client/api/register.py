from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Register(BaseModel):
    session: Union[
        "RegisterSessionSession",
        "RegisterSessionEmailTaken",
        "RegisterSessionHandleTaken",
        "RegisterSessionInvalidInput",
        "RegisterSessionTooManyAttempts",
    ] = Field(discriminator="typename__")


class RegisterSessionSession(BaseModel):
    typename__: Literal["Session"] = Field(alias="__typename")
    access_token: str = Field(alias="accessToken")
    refresh_token: str = Field(alias="refreshToken")
    expires_in: int = Field(alias="expiresIn")
    user: "RegisterSessionSessionUser"


class RegisterSessionSessionUser(BaseModel):
    id: str
    handle: str
    display_name: str = Field(alias="displayName")


class RegisterSessionEmailTaken(BaseModel):
    typename__: Literal["EmailTaken"] = Field(alias="__typename")
    message: str


class RegisterSessionHandleTaken(BaseModel):
    typename__: Literal["HandleTaken"] = Field(alias="__typename")
    message: str


class RegisterSessionInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


class RegisterSessionTooManyAttempts(BaseModel):
    typename__: Literal["TooManyAttempts"] = Field(alias="__typename")
    message: str


Register.model_rebuild()
RegisterSessionSession.model_rebuild()
