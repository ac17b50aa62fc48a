"""Runs the router's ASGI application behind a real server on a free port, for as long as a test needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

from router.config import HttpSettings, Listen
from router.edge.connection import bounded
from router.server import bind


@asynccontextmanager
async def serving(
    app: ASGIApp, *, lifespan: Literal["on", "off"] = "on", http: HttpSettings | None = None
) -> AsyncIterator[str]:
    """Yield the address, e.g. `127.0.0.1:43017`. `http` bounds what clients may send."""
    bound = bind(Listen(port=0))
    host, port = bound.getsockname()
    connections = bounded(http or HttpSettings())
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=connections,
            log_config=None,
            lifespan=lifespan,
            proxy_headers=False,  # as the router's own server
            timeout_graceful_shutdown=1,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"{host}:{port}"
    finally:
        server.should_exit = True
        await running
