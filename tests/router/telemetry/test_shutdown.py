"""A router that is told to stop: it says so, goes on for a while, finishes what runs, and loses no request."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from payflow.dev.testing import free_port
from tests.router.blog import Blog, supergraph_file
from tests.router.test_cli import serve
from tests.router.transport.subgraphs import served

CLIENTS = 12


@dataclass
class Process:
    """A router process over subgraphs that this one serves, and what clients have of it."""

    process: subprocess.Popen[str]
    address: str
    blog: Blog
    client: aiohttp.ClientSession
    answered: int = 0
    lost: list[str] = field(default_factory=list)

    async def status(self, path: str, address: str = "") -> int:
        async with self.client.get(f"{address or self.address}{path}") as response:
            return response.status

    async def ask(self, query: str) -> str:
        async with self.client.post(f"{self.address}/graphql", json={"query": query}) as response:
            return await response.text()

    async def ask_until(self, elsewhere: asyncio.Event) -> None:
        """Send one request after the other, as long as a balancer would let them come here."""
        while not elsewhere.is_set():
            try:
                assert await self.ask("{ hello }") == '{"data":{"hello":"Hello you"}}'
                self.answered += 1
            except (aiohttp.ClientError, AssertionError) as error:
                self.lost.append(repr(error))

    async def balance(self, elsewhere: asyncio.Event) -> None:
        """Look at /ready as a balancer does, and send nobody any more once it says no."""
        while await self.status("/ready") == 200:
            await asyncio.sleep(0.02)
        elsewhere.set()

    async def leaves(self, ready_url: str = "") -> None:
        """Tell it to stop, and wait until it says that it will."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            while await self.status("/ready", ready_url) == 200:
                await asyncio.sleep(0.02)

    async def door_closed(self) -> None:
        """Wait until nobody new is let in."""
        port = int(self.address.rpartition(":")[2])
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except ConnectionRefusedError:
                    return
                writer.close()
                await asyncio.sleep(0.02)

    async def ended(self) -> int:
        return await asyncio.to_thread(self.process.wait, 20)

    async def ended_at_once(self) -> int:
        """By a second signal, however long it would stay."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()


@asynccontextmanager
async def running(folder: Path, config: str) -> AsyncIterator[Process]:
    blog = Blog()
    async with served(blog.apps()) as urls, aiohttp.ClientSession() as client:
        file = folder / "router.yaml"
        subgraphs = "".join(f'  {name}: {{ url: "{url}" }}\n' for name, url in urls.items())
        file.write_text(f"authorization: {{anonymous_only: true}}\nsubgraphs:\n{subgraphs}{config}")
        with ExitStack() as stack:
            arguments = ("--supergraph", supergraph_file(folder), "--config", file, "--port", "0")
            process, url = await asyncio.to_thread(stack.enter_context, serve(*arguments))
            yield Process(process, url.removesuffix("/graphql"), blog, client)


async def test_no_request_is_lost(tmp_path: Path) -> None:
    """Under load: first /ready says no while all is served as before, then what runs is finished, then the process ends with 0."""
    async with running(tmp_path, "timeouts: {shutdown_delay_s: 1.5, shutdown_s: 30}\n") as router:
        elsewhere = asyncio.Event()
        clients = [asyncio.create_task(router.ask_until(elsewhere)) for _ in range(CLIENTS)]
        balancer = asyncio.create_task(router.balance(elsewhere))
        slow = asyncio.create_task(router.ask("{ slow }"))
        await router.blog.slow_begun.wait()
        while router.answered <= CLIENTS:
            await asyncio.sleep(0.01)

        router.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(elsewhere.wait(), 20)
        assert await router.status("/health") == 200
        assert await router.ask("{ hello }") == '{"data":{"hello":"Hello you"}}'
        await asyncio.gather(*clients, balancer)
        await router.door_closed()
        assert not slow.done()
        router.blog.slow_goes_on.set()

        assert await slow == '{"data":{"slow":"at last"}}'
        assert await router.ended() == 0
    assert router.lost == []


async def test_connections_are_closed_as_it_leaves(tmp_path: Path) -> None:
    """While it says no, an answer tells its client to connect anew, which leads it elsewhere."""
    async with running(tmp_path, "timeouts: {shutdown_delay_s: 60}\n") as router:
        url = f"{router.address}/graphql"
        async with router.client.post(url, json={"query": "{ hello }"}) as before:
            pass
        await router.leaves()
        async with router.client.post(url, json={"query": "{ hello }"}) as leaving:
            pass

        assert "connection" not in before.headers
        assert leaving.headers["connection"] == "close"
        assert await router.ended_at_once() == 0


async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    """Whoever presses Ctrl-C twice does not wait for anything."""
    async with running(tmp_path, "timeouts: {shutdown_delay_s: 60, shutdown_s: 60}\n") as router:
        slow = asyncio.create_task(router.ask("{ slow }"))
        await router.blog.slow_begun.wait()

        await router.leaves()
        await asyncio.sleep(0.3)
        assert router.process.poll() is None

        assert await router.ended_at_once() == 0, "it stays for a minute unless it hears the second signal"
        await asyncio.gather(slow, return_exceptions=True)


async def test_operators_may_have_an_address_of_their_own(tmp_path: Path) -> None:
    """Metrics are there and not where clients come; health and readiness are at both, also while it leaves."""
    port = free_port()
    operators = f"http://127.0.0.1:{port}"
    config = f"telemetry: {{metrics: {{listen: {{port: {port}}}}}}}\ntimeouts: {{shutdown_delay_s: 60}}\n"
    async with running(tmp_path, config) as router:
        await router.ask("{ hello }")
        async with router.client.get(f"{operators}/metrics") as response:
            metrics = await response.text()
        statuses = [await router.status(path) for path in ("/metrics", "/ready", "/health")]
        ready = await router.status("/ready", operators)
        await router.leaves(operators)
        leaving = await router.status("/ready", operators)
        assert await router.ended_at_once() == 0

    assert 'router_requests_total{outcome="ok"} 1.0' in metrics
    assert statuses == [404, 200, 200]
    assert (ready, leaving) == (200, 503)
