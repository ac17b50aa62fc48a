"""`jwt`: who may sign access tokens, where a request carries them, how they are verified, and when they stop to count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from router import limits
from router.config.base import FilePath, Settings, WebAddress
from router.config.callables import CallableName

# Only asymmetric ones: a router holds no secret with which tokens could be made, and mixing HMAC with public keys is how
# public keys come to be used as HMAC secrets (RFC 8725, section 2.1). EdDSA means Ed25519.
Algorithm = Literal["EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"), AfterValidator(str.lower)]
CookieName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]


class Issuer(Settings):
    """Who may sign access tokens: the `iss` claim, where its public keys are, and what else its tokens must say."""

    issuer: str = Field(min_length=1)
    """The `iss` claim of its tokens, letter by letter."""

    jwks_url: WebAddress | None = None
    """Where its key set is published. Redirects are not followed. Either this or `jwks_file`."""

    jwks_file: FilePath | None = None
    """A file that holds its key set; replacing the file rotates the keys."""

    jwks_headers: Mapping[HeaderName, str] = Field(default_factory=dict, repr=False)
    """Sent with each request to `jwks_url`."""

    poll_interval_s: float = Field(default=limits.JWKS_POLL_INTERVAL_S, ge=1)
    """How often the keys are read again, besides when a token names an unknown one."""

    audiences: tuple[str, ...] = ()
    """One of these must be in the `aud` claim. Without any, the claim is not looked at."""

    algorithms: tuple[Algorithm, ...] = Field(default=("EdDSA", "ES256", "RS256"), min_length=1)
    """What its tokens may be signed with, whatever they say themselves."""

    scope_claim: str = Field(default="scope", min_length=1)
    """The claim with the caller's scopes: words in one string, or a list of strings."""

    allow_missing_exp: bool = False
    """Whether a token without `exp`, which never expires, is believed."""

    @model_validator(mode="after")
    def _one_source_of_keys(self) -> Issuer:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("needs either jwks_url or jwks_file")
        if self.jwks_headers and self.jwks_url is None:
            raise ValueError("sets jwks_headers, which only a jwks_url is asked with")
        return self


class TokenSource(Settings):
    """A place in a request where a token may stand: a header or a cookie."""

    header: HeaderName | None = None
    """Its value is `prefix`, a space and the token. The payload of a socket's first message is searched for the name, too."""

    prefix: str | None = Field(default=None, pattern=r"^\S*$")
    """What comes before the token in a header: `Bearer` unless set; with "" the whole value is the token."""

    cookie: CookieName | None = None
    """Its value is the token. On a WebSocket it counts only for pages of the router's own origin, or one of `cors.origins`."""

    @model_validator(mode="after")
    def _one_place(self) -> TokenSource:
        if (self.header is None) == (self.cookie is None):
            raise ValueError("needs either header or cookie")
        if self.cookie is not None and self.prefix is not None:
            raise ValueError("sets a prefix, which only a header has")
        return self


class RevokedInRedis(Settings):
    """A list of revoked tokens, sessions and subjects in Redis (see `redis`), of which each router holds a copy.

    The list is a sorted set: each member reads `jti:…`, `sid:…` or `sub:…`, and its score is the Unix time of the revocation.
    A router reads it when it starts and every `poll_interval_s`, and hears of the rest at once by the channel of the same name.
    """

    key: str = Field(default="router:revoked", min_length=1)
    """The name of the sorted set, and of the channel on which each new member is published as `score member`."""

    keep_s: float = Field(default=86_400, gt=0)
    """How long an entry counts: at least the longest life of a token."""

    poll_interval_s: float = Field(default=limits.REVOKED_POLL_INTERVAL_S, ge=0.1)


class Revocation(Settings):
    """How the router learns that a token or session stopped to count before it expired. Both ways may be used at once."""

    check: CallableName | None = None
    """An async function that takes the caller and says True where it is revoked."""

    recheck_s: float = Field(default=limits.REVOCATION_RECHECK_S, ge=0)
    """How long the answer of `check` counts, and how often it is asked for the sessions of open streams."""

    timeout_s: float = Field(default=limits.REVOCATION_TIMEOUT_S, gt=0)
    """How long `check` may take; then nobody knows, and the request is refused with 503."""

    redis: RevokedInRedis | None = None


class JwtSettings(Settings):
    """How access tokens are found and verified. Without this section no token is believed, and everybody is anonymous."""

    issuers: tuple[Issuer, ...] = Field(min_length=1)

    leeway_s: float = Field(default=30.0, ge=0, le=300)
    """How far the clocks of issuers may be off, in seconds."""

    sources: tuple[TokenSource, ...] = Field(default=(TokenSource(header="authorization"),), min_length=1)
    """Where tokens stand; of several, the first that is there counts. Default: the header `Authorization: Bearer …`."""

    ignore_other_prefixes: bool = False
    """Whether a header with another prefix (`Basic`, say) counts as none. Else it is refused."""

    on_error: Literal["error", "continue"] = "error"
    """What becomes of a request whose token is not acceptable: refused, or answered as an anonymous one."""

    revocation: Revocation | None = None

    @model_validator(mode="after")
    def _issuers_are_distinct(self) -> JwtSettings:
        if len({issuer.issuer for issuer in self.issuers}) != len(self.issuers):
            raise ValueError("names an issuer twice")
        return self
