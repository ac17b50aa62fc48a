"""An issuer for tests: real keys, and a real HTTP server for their public halves."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import time
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://issuer.test"
AUDIENCE = "api.test"


class SigningKey:
    """A key pair with its id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = Ed25519PrivateKey.generate()

    def jwk(self, **extra: Any) -> dict[str, Any]:
        """The public key as the issuer publishes it."""
        x = (
            urlsafe_b64encode(self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
            .rstrip(b"=")
            .decode()
        )
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid, "use": "sig", "alg": "EdDSA", **extra}

    def token(self, *, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """A signed token, good for a minute unless `claims` say otherwise; a claim of None is left out."""
        given = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "exp": int(time()) + 60, **claims}
        present = {name: value for name, value in given.items() if value is not None}
        return jwt.encode(present, self.private, algorithm="EdDSA", headers={"kid": self.kid, **(headers or {})})


def segment(value: Any) -> str:
    """A part of a token: JSON (or bytes as they are) in base64url."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(key: SigningKey, header: Any, claims: Any) -> str:
    """A token with exactly this header and these claims, which no library would write, under a good signature."""
    signing_input = f"{segment(header)}.{segment(claims)}"
    return f"{signing_input}.{segment(key.private.sign(signing_input.encode()))}"


class KeyServer:
    """What the issuer's HTTP server publishes: `keys` may change, `down` makes it fail; `reads` counts the requests.

    It takes `delay_s` to answer, answers with `body` where there is one, and sends elsewhere by `redirect`.
    """

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = list(keys)
        self.down = False
        self.delay_s = 0.0
        self.body: bytes | None = None
        self.redirect: str | None = None
        self.headers: dict[str, str] = {}
        self.reads = 0
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[KeyServer]:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/jwks.json", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/jwks.json"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.reads += 1
        self.headers = dict(request.headers)
        await asyncio.sleep(self.delay_s)
        if self.down:
            return web.Response(status=500)
        if self.redirect is not None:
            return web.Response(status=302, headers={"location": self.redirect})
        if self.body is not None:
            return web.Response(body=self.body)
        return web.Response(
            text=json.dumps({"keys": [key.jwk() for key in self.keys]}), content_type="application/json"
        )
