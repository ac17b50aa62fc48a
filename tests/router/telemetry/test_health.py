"""/health and /ready: when the process is well, and when requests should come to it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.router.security.tokens import KeyServer, SigningKey
from tests.router.telemetry.conftest import Serve, Site


async def until_ready(site: Site, *, is_ready: bool = True) -> dict[str, dict[str, object]]:
    """The checks, once they come to that."""
    async with asyncio.timeout(10):
        while True:
            status, body = await site.get("/ready")
            if (status == 200) is is_ready:
                checks: dict[str, dict[str, object]] = body["checks"]
                return checks
            await asyncio.sleep(0.02)


async def test_a_router_that_serves_says_what_it_looked_at(serve: Serve) -> None:
    """Both name the supergraph; no check fails."""
    async with serve() as site:
        health, ready = await site.get("/health"), await site.get("/ready")

    fingerprint = health[1]["supergraph"]
    assert health == (200, {"status": "ok", "supergraph": fingerprint})
    checks = {"process": {"ok": True, "is": "serving"}, "supergraph": {"ok": True, "is": fingerprint}}
    assert ready == (200, {"status": "ready", "checks": checks})


async def test_keys_may_be_required(serve: Serve, tmp_path: Path) -> None:
    """Without the keys of an issuer it is not ready, and says whose; with them it is. Nobody has to ask for that by default."""
    async with KeyServer(SigningKey("k1")).serving() as keys:
        issuer = {"issuer": "me", "audiences": ["api"], "algorithms": ["EdDSA"]}
        there = {"jwt": {"issuers": [{**issuer, "jwks_url": keys.url}]}}
        away = {"jwt": {"issuers": [{**issuer, "jwks_url": "http://127.0.0.1:9/"}]}}
        async with serve(**there, health={"require_keys": True}) as site:
            assert (await until_ready(site))["keys"] == {"ok": True, "is": "read"}
        async with serve(**away, health={"require_keys": True}) as site:
            missing = await until_ready(site, is_ready=False)
        async with serve(**away) as site:
            assert (await site.get("/ready"))[0] == 200

    assert missing["keys"] == {"ok": False, "is": "none of me"}


async def test_many_rejections_make_it_unready_for_a_while(serve: Serve) -> None:
    """Answers with 503 count; past the limit the balancer should look elsewhere, and a moment later come back."""
    away = {"issuer": "me", "audiences": ["api"], "algorithms": ["EdDSA"], "jwks_url": "http://127.0.0.1:9/"}
    rejections = {"max": 2, "within_s": 30, "unready_s": 1}
    async with serve(jwt={"issuers": [away]}, health={"rejections": rejections}) as site:
        token = SigningKey("k1").token(iss="me", aud="api")
        for count in range(3):
            assert (await site.get("/ready"))[0] == 200, count
            await site.ask("{ hello }", headers={"authorization": f"Bearer {token}"})
        overloaded = await site.get("/ready")
        await until_ready(site)

    assert overloaded[0] == 503
    assert overloaded[1]["checks"]["load"] == {"ok": False, "is": "too many requests were rejected"}
