"""The issuer that most tests of tokens have, and the router's verifier for it."""

from __future__ import annotations

from typing import Any

from router.config import Issuer, JwtSettings
from router.security.jwt import TokenVerifier
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey

KEY = SigningKey("k1")


def verifier(server: KeyServer, **settings: Any) -> TokenVerifier:
    issuer = Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=server.url, **settings)
    return TokenVerifier(JwtSettings(issuers=(issuer,), leeway_s=0))
