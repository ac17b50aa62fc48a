"""The router behind a real server, with subgraphs in process and tokens from a real issuer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from router.app import create_app
from router.config import Issuer, JwtSettings, RouterConfig
from tests.router.blog import Blog, supergraph_file
from tests.router.edge.served import KEY, Served
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer
from tests.router.serving import serving


@pytest.fixture
async def issuer() -> AsyncIterator[KeyServer]:
    async with KeyServer(KEY).serving() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, issuer: KeyServer) -> RouterConfig:
    accepted = Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=issuer.url)
    return RouterConfig(supergraph=supergraph_file(tmp_path), jwt=JwtSettings(issuers=(accepted,), leeway_s=0))


@pytest.fixture
async def served(config: RouterConfig, issuer: KeyServer) -> AsyncIterator[Served]:
    blog = Blog()
    async with (
        serving(create_app(config, transport=blog.transport())) as address,
        aiohttp.ClientSession() as client,
    ):
        yield Served(address, blog, issuer, client)
