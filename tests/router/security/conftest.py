"""The issuer's key server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.router.security.tokens import KeyServer
from tests.router.security.verifying import KEY


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with KeyServer(KEY).serving() as server:
        yield server
