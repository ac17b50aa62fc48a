"""What the client libraries are put before: the router as a process of its own, and two subgraphs over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from router.composition import Composed, SubgraphInput, compose
from tests.conformance.subscriptions.clients import Clients
from tests.router.blog import Blog, schemas
from tests.router.serving import serving

STARTS_WITHIN_S = 30
CONFIG = """
supergraph: supergraph.graphql
authorization: {anonymous_only: true}
reload: {watch: false}
subscriptions: {reload_spread_s: 0.1}
timeouts: {shutdown_s: 3}
"""


@dataclass
class Router:
    """A running router process."""

    process: asyncio.subprocess.Process
    url: str
    folder: Path

    @property
    def socket_url(self) -> str:
        """The endpoint over WebSocket."""
        return self.url.replace("http://", "ws://")

    def rewrite(self, old: str, new: str) -> None:
        """Change the supergraph and have it read."""
        file = self.folder / "supergraph.graphql"
        changed = re.sub(old, new, file.read_text())
        assert changed != file.read_text(), old
        file.write_text(changed)
        self.process.send_signal(signal.SIGHUP)

    def terminate(self) -> None:
        """Have it stop."""
        self.process.send_signal(signal.SIGTERM)


@dataclass
class Stage:
    """The router, the world behind it, and the libraries before it."""

    router: Router
    blog: Blog
    clients: Clients

    async def publish(self, title: str) -> None:
        """Have an event happen, once somebody listens."""
        await asyncio.wait_for(self.blog.listening.wait(), STARTS_WITHIN_S)
        self.blog.published.put_nowait(title)

    async def nobody_listens(self) -> None:
        """Wait until the subgraph's subscription is over."""
        await asyncio.wait_for(self.blog.closed.wait(), STARTS_WITHIN_S)


@asynccontextmanager
async def routing(blog: Blog, folder: Path) -> AsyncIterator[Router]:
    """The router as a process, before the blog's subgraphs, each of which listens on a port of its own."""
    async with AsyncExitStack() as stack:
        urls = {
            name: f"http://{await stack.enter_async_context(serving(Starlette(routes=[Mount('/', app)])))}/graphql"
            for name, app in blog.apps().items()
        }
        composed = compose([SubgraphInput(name, schemas()[name].as_str(), url) for name, url in urls.items()])
        assert isinstance(composed, Composed), composed
        (folder / "supergraph.graphql").write_text(composed.sdl)
        (folder / "router.yaml").write_text(CONFIG)
        command = ("-m", "router", "serve", "--config", str(folder / "router.yaml"), "--port", "0")
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stderr=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONWARNINGS": "error"}
        )
        try:
            yield Router(process, await asyncio.wait_for(_announced(process), STARTS_WITHIN_S), folder)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _announced(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    seen = b""
    while line := await process.stderr.readline():
        seen += line
        if found := re.search(rb"Serving (\S+)", line):
            asyncio.ensure_future(_drained(process.stderr))  # noqa: RUF006 - it ends with the process
            return found[1].decode()
    raise AssertionError(seen.decode())


async def _drained(lines: asyncio.StreamReader) -> None:
    while await lines.readline():
        pass
