"""`jwt`: who may sign access tokens, and how they are verified."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from router.config.base import FilePath, Settings, WebAddress

# Only asymmetric ones: a router holds no secret with which tokens could be made, and mixing HMAC with public keys is how
# public keys come to be used as HMAC secrets (RFC 8725, section 2.1). EdDSA means Ed25519.
Algorithm = Literal["EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]


class Issuer(Settings):
    """Who may sign access tokens: the `iss` claim, where its public keys are, and what else its tokens must say.

    Without `audiences`, the `aud` claim is not looked at.
    """

    issuer: str = Field(min_length=1)
    jwks_url: WebAddress | None = None
    jwks_file: FilePath | None = None
    audiences: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = Field(default=("EdDSA", "ES256", "RS256"), min_length=1)

    @model_validator(mode="after")
    def _one_source_of_keys(self) -> Issuer:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("needs either jwks_url or jwks_file")
        return self


class JwtSettings(Settings):
    """How access tokens are verified; clocks may differ by `leeway_s` seconds."""

    issuers: tuple[Issuer, ...] = Field(min_length=1)
    leeway_s: float = Field(default=30.0, ge=0, le=300)

    @model_validator(mode="after")
    def _issuers_are_distinct(self) -> JwtSettings:
        if len({issuer.issuer for issuer in self.issuers}) != len(self.issuers):
            raise ValueError("names an issuer twice")
        return self
