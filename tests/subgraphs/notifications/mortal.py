"""Real processes that die in the middle of a test and come back: replicas of the service, routers before them, Valkey."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from payflow.dev.parts import Part
from payflow.dev.probes import http_ok
from payflow.dev.testing import free_port, running
from payflow.kernel.settings import Settings

REPOSITORY = Path(__file__).parents[3]


@dataclass
class Mortal:
    """A part that can be killed (SIGKILL) and started again at the same place."""

    part: Part
    logs: Path
    _life: ExitStack = field(default_factory=ExitStack)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        return self._process is not None

    async def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = await asyncio.to_thread(self._life.enter_context, running(self.part, logs=self.logs))

    async def kill(self) -> None:
        """Die at once, with nothing finished."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
        await asyncio.to_thread(self._life.close)


@asynccontextmanager
async def alive(*mortals: Mortal) -> AsyncIterator[None]:
    """All of them live when the block begins, and none when it has ended."""
    try:
        await asyncio.gather(*(mortal.start() for mortal in mortals))
        yield
    finally:
        await asyncio.gather(*(mortal.kill() for mortal in mortals))


def replica(settings: Settings, name: str) -> Part:
    """A process of the notifications service, on a port of its own."""
    port = free_port()
    told = {
        "NOTIFICATIONS_PORT": port,
        "NOTIFICATIONS_DATABASE_URL": settings.database_url("notifications"),
        "REDIS_URL": settings.redis_url,
        "JWKS_URL": settings.jwks_url,
        "SERVICE_JWKS_FILE": settings.service_jwks_file,
    }
    return _served(name, port, "-m", "subgraphs", "serve", "notifications", told=told)


def router_before(subgraph: Part, settings: Settings) -> Part:
    """A process of the router as PayFlow runs it, which asks this replica."""
    port = free_port()
    told = {
        "PORT": port,
        "NOTIFICATIONS_URL": f"http://127.0.0.1:{subgraph.port}/graphql",
        "REDIS_URL": settings.redis_url,
        "JWKS_URL": settings.jwks_url,
    }
    return _served(f"router-of-{subgraph.name}", port, "-m", "router", "serve", "--config", "router.yaml", told=told)


def _served(name: str, port: int, *command: str, told: dict[str, object]) -> Part:
    return Part(
        name=name,
        command=(sys.executable, *command),
        environment={f"PAYFLOW_{key}": str(value) for key, value in told.items()},
        directory=REPOSITORY,
        port=port,
        answers=lambda: http_ok(port),
    )
