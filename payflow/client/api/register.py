from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel


class Register(BaseModel):
    register: Union[
        "RegisterRegisterSession",
        "RegisterRegisterEmailTaken",
        "RegisterRegisterHandleTaken",
        "RegisterRegisterInvalidInput",
    ] = Field(discriminator="typename__")


class RegisterRegisterSession(BaseModel):
    typename__: Literal["Session"] = Field(alias="__typename")
    access_token: str = Field(alias="accessToken")
    expires_in: int = Field(alias="expiresIn")
    user: "RegisterRegisterSessionUser"


class RegisterRegisterSessionUser(BaseModel):
    id: str
    handle: str
    display_name: str = Field(alias="displayName")


class RegisterRegisterEmailTaken(BaseModel):
    typename__: Literal["EmailTaken"] = Field(alias="__typename")
    message: str


class RegisterRegisterHandleTaken(BaseModel):
    typename__: Literal["HandleTaken"] = Field(alias="__typename")
    message: str


class RegisterRegisterInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str


Register.model_rebuild()
RegisterRegisterSession.model_rebuild()
