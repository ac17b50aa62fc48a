"""Each subgraph's application, on a real server, speaks GraphQL over HTTP to the letter: the `graphql-http` audit finds nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from payflow.kernel.settings import SERVICES, Settings
from tests.conformance.http.audit import audited, shortcomings
from tests.subgraphs.harness import new_key_pem

NOWHERE = "postgresql://nobody:x@127.0.0.1:1/nothing"


@pytest.mark.parametrize("service", SERVICES)
async def test_the_audit_finds_nothing(service: str, tmp_path: Path) -> None:
    """MUST, SHOULD and MAY: methods, parameters, media types and statuses."""
    async with _serving(_application(service, tmp_path)) as url:
        assert shortcomings(await audited(url)) == []


def _application(service: str, folder: Path) -> Starlette:
    """The application as its process makes it. The audit asks for no data, so no database need be there."""
    key = folder / "key.pem"
    key.write_bytes(new_key_pem())
    key.chmod(0o600)
    urls = {f"{name}_database_url": NOWHERE for name in SERVICES}
    settings = Settings.model_validate({**urls, "signing_key_file": key, "service_key_file": key})
    app: Starlette = import_module(f"subgraphs.{service}.app").create_app(settings)
    return app


@asynccontextmanager
async def _serving(app: Starlette) -> AsyncIterator[str]:
    """Serve without the application's lifespan, which would look for database and broker."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            while not server.started:
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            await serving
