"""A running router takes up a changed supergraph or configuration, refuses a bad one, and drops nobody meanwhile."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
import threading
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import aiohttp
import pytest
from structlog.testing import capture_logs
from trustme import CA

from router import Plugin
from router.app import create_app
from router.assembly import Given, assemble, read_supergraph
from router.config import ConfigSource
from router.edge.serving import Serving
from router.exchange import ClientRequest
from router.pipeline import answer
from router.reloading import Reloader
from router.security.authorization import Authorization
from tests.router.blog import Blog, supergraph_sdl
from tests.router.serving import serving
from tests.router.test_cli import serve
from tests.telemetry.collector import collecting

OPEN = "authorization: {anonymous_only: true}\n"
LOOKS = "reload: {interval_s: 0.02}\n"


class Site:
    """A router that watches its files, and what it answers."""

    def __init__(self, folder: Path, *, config: str = "") -> None:
        self.config_file = folder / "router.yaml"
        self.supergraph_file = folder / "supergraph.graphql"
        self.client: aiohttp.ClientSession
        self.address = ""
        self.blog = Blog()
        self.supergraph_file.write_text(supergraph_sdl())
        self.configure(config)

    @property
    def source(self) -> ConfigSource:
        return ConfigSource(self.config_file)

    def configure(self, text: str) -> None:
        self.config_file.write_text(f"supergraph: supergraph.graphql\n{OPEN}{LOOKS}{text}")

    def rename(self, old: str, new: str) -> None:
        """Serve a field under another name; subgraphs know nothing of it."""
        self.supergraph_file.write_text(re.sub(rf"\b{old}\b", new, supergraph_sdl()))

    async def codes(self, query: str) -> list[str]:
        async with self.client.post(f"http://{self.address}/graphql", json={"query": query}) as response:
            return [error["extensions"].get("code", "") for error in (await response.json()).get("errors", [])]

    async def metric(self, name: str) -> float:
        async with self.client.get(f"http://{self.address}/metrics") as response:
            found = re.search(rf"^{re.escape(name)} (\S+)$", await response.text(), re.MULTILINE)
            return float(found[1]) if found else 0.0

    async def reloads(self, outcome: str, count: float = 1) -> None:
        """Wait until this many reloads had this outcome."""
        await until(lambda: self.metric(f'router_reloads_total{{outcome="{outcome}"}}'), count)


async def until(look: Callable[[], Awaitable[float]], least: float) -> None:
    async with asyncio.timeout(20):
        while await look() < least:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(site: Site, *, in_process: bool = True) -> AsyncIterator[Site]:
    app = create_app(site.source, transport=site.blog.transport() if in_process else None)
    async with serving(app) as site.address, aiohttp.ClientSession() as site.client:
        yield site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(Site(tmp_path)) as site:
        yield site


async def test_a_changed_supergraph_is_served(site: Site) -> None:
    """What it no longer has is refused, without a restart; plans in use are made before it serves."""
    assert await site.codes("{ hello }") == []
    assert await site.codes("{ users { name } }") == []

    site.rename("hello", "goodbye")
    await site.reloads("applied")

    assert await site.codes("{ hello }") == ["GRAPHQL_VALIDATION_FAILED"]
    assert await site.codes("{ users { name } }") == []
    assert await site.metric('router_plan_cache_total{result="hit"}') == 1.0


async def test_a_changed_site_is_served(site: Site, tmp_path: Path) -> None:
    """It comes, gives way to another folder, and goes, with the configuration; the explorer has / where there is none."""

    async def shown() -> str:
        async with site.client.get(f"http://{site.address}/", headers={"accept": "text/html"}) as response:
            return await response.text()

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(f"page {name}")

    assert 'id="explorer"' in await shown()
    for count, name in enumerate(("one", "two"), start=1):
        site.configure(f"site: {{directory: {name}}}\n")
        await site.reloads("applied", count)
        assert await shown() == f"page {name}"
    site.configure("")
    await site.reloads("applied", 3)
    assert 'id="explorer"' in await shown()


@pytest.mark.parametrize("bad", ["type Query {", "type Query { a: Int }", ""])
async def test_a_bad_supergraph_is_refused(site: Site, bad: str) -> None:
    """The reason is logged and the last good one serves, until one comes that can be used."""
    with capture_logs() as logs:
        site.supergraph_file.write_text(bad)
        await site.reloads("refused")

    [refusal] = [entry for entry in logs if entry["event"] == "reload refused"]
    assert str(site.supergraph_file) in refusal["reason"]
    assert await site.codes("{ hello }") == []

    site.rename("hello", "goodbye")
    await site.reloads("applied")
    assert await site.codes("{ hello }") == ["GRAPHQL_VALIDATION_FAILED"]


async def test_a_changed_configuration_takes_effect(site: Site) -> None:
    """A key that shapes requests is obeyed from the next one on."""
    site.configure("headers: {all: {request: [{propagate: {named: x-tenant}}]}}\n")
    await site.reloads("applied")

    async with site.client.post(
        f"http://{site.address}/graphql", json={"query": "{ hello }"}, headers={"x-tenant": "t1", "x-request-id": "r"}
    ):
        pass
    assert (site.blog.headers[-1].get("x-tenant"), site.blog.headers[-1].get("x-request-id")) == ("t1", None)


async def test_traces_begin_with_a_reload(site: Site) -> None:
    """A collector that is named later gets spans from then on; what is read at the start only is said to wait for the next."""
    with collecting() as collector, capture_logs() as logs:
        site.configure(f"telemetry: {{tracing: {{endpoint: '{collector.endpoint}'}}, log: {{level: DEBUG}}}}\n")
        await site.reloads("applied")
        assert await site.codes("{ hello }") == []
        site.configure("")
        await site.reloads("applied", 2)
        assert await site.codes("{ hello }") == []
        await asyncio.to_thread(collector.wait_for, lambda c: len(c.named("POST /graphql")) == 1)

    assert sum("takes effect at the next start" in entry["event"] for entry in logs) == 2


@pytest.mark.parametrize("bad", ["zzz: 1\n", "subgraphs: {nobody: {url: http://a.test}}\n", "a: b: c\n"])
async def test_a_bad_configuration_is_refused(site: Site, bad: str) -> None:
    """It changes nothing, and the router goes on."""
    site.configure(bad)
    await site.reloads("refused")
    assert await site.codes("{ hello }") == []


async def test_a_file_that_was_written_again_changes_nothing(site: Site) -> None:
    """The same text leaves the gate that serves in place."""
    site.configure("")
    await site.reloads("unchanged")
    assert await site.metric('router_reloads_total{outcome="applied"}') == 0.0


async def test_a_request_under_way_ends_on_what_it_began_with(site: Site) -> None:
    """A slow answer arrives though its field is gone by then."""
    slow = asyncio.create_task(site.codes("{ slow }"))
    await site.blog.slow_begun.wait()
    site.rename("slow", "swift")
    await site.reloads("applied")
    assert await site.codes("{ slow }") == ["GRAPHQL_VALIDATION_FAILED"]

    site.blog.slow_goes_on.set()

    assert await slow == []


async def test_where_to_listen_needs_a_restart(site: Site) -> None:
    """The log says so; the rest of the configuration is taken up."""
    with capture_logs() as logs:
        site.configure("listen: {port: 4999}\n")
        await site.reloads("applied")
    assert "a changed `listen` takes effect at the next start" in [entry["event"] for entry in logs]


@pytest.mark.parametrize(
    ("text", "section", "keys"),
    [
        ("http: {header_bytes: 4096, body_bytes: 5}\n", "http", ["header_bytes"]),
        ("timeouts: {shutdown_s: 9}\n", "timeouts", ["shutdown_s"]),
        (
            "telemetry: {log: {level: DEBUG}, metrics: {listen: {port: 4998}}}\n",
            "telemetry",
            ["log.level", "metrics.listen"],
        ),
    ],
)
async def test_whatever_needs_a_restart_is_told(site: Site, text: str, section: str, keys: list[str]) -> None:
    """By its keys, and nothing that takes effect at once is among them."""
    with capture_logs() as logs:
        site.configure(text)
        await site.reloads("applied")

    told = {entry["event"]: entry["keys"] for entry in logs if "next start" in entry["event"]}
    assert told == {f"a changed `{section}` takes effect at the next start": keys}


async def test_changed_certificates_are_taken_up(tmp_path: Path) -> None:
    """Though the configuration that names their file says what it said before."""
    certificates = tmp_path / "ca.pem"
    certificates.write_bytes(CA().cert_pem.bytes())
    async with running(Site(tmp_path, config="traffic: {ca_file: ca.pem}\n")) as site:
        certificates.write_bytes(CA().cert_pem.bytes())
        await site.reloads("applied")
        certificates.write_bytes(b"not a certificate")
        await site.reloads("refused")


async def test_a_request_outlasts_several_reloads(tmp_path: Path) -> None:
    """Its connection stays open though the gate after its own has come and gone."""
    blog = Blog()
    apps = blog.apps()
    async with (
        serving(apps["people"], lifespan="off") as people,
        serving(apps["posts"], lifespan="off") as posts,
    ):
        urls = f"subgraphs: {{people: {{url: 'http://{people}/'}}, posts: {{url: 'http://{posts}/'}}}}\n"
        async with running(Site(tmp_path, config=urls), in_process=False) as site:
            slow = asyncio.create_task(site.codes("{ slow }"))
            await blog.slow_begun.wait()
            site.configure(urls + "explorer: {enabled: false}\n")  # the connections are taken over
            await site.reloads("applied")
            site.configure(urls + "timeouts: {subgraph_s: 9}\n")  # and given up
            await site.reloads("applied", 2)
            await asyncio.sleep(0.1)
            blog.slow_goes_on.set()

            assert await slow == []


async def test_what_was_made_for_a_refused_reload_is_closed(tmp_path: Path) -> None:
    """A plugin that was started is stopped where the next one refuses to start; one that was not is left alone."""
    site = Site(tmp_path)
    async with running(site):
        site.configure(f"plugins: ['{__name__}:good', '{__name__}:bad']\n")
        await site.reloads("refused")

    assert _HEARD == ["good starts", "bad starts", "good stops"]


_HEARD: list[str] = []


def good() -> Plugin:
    """A plugin that starts."""
    return _Loud("good")


def bad() -> Plugin:
    """One that does not."""
    return _Loud("bad")


class _Loud(Plugin):
    def __init__(self, name: str) -> None:
        self._name = name

    async def start(self) -> None:
        _HEARD.append(f"{self._name} starts")
        if self._name == "bad":
            raise RuntimeError("no")

    async def stop(self) -> None:
        _HEARD.append(f"{self._name} stops")


async def test_many_reloads_leave_nothing_behind(tmp_path: Path, redis_url: str) -> None:
    """No gate but the last, no task, no thread and no open file is kept of all that were made, used and replaced."""
    blog = Blog()
    apps = blog.apps()
    async with serving(apps["people"], lifespan="off") as people, serving(apps["posts"], lifespan="off") as posts:

        def configuration(number: int) -> str:
            return (
                f"subgraphs: {{people: {{url: 'http://{people}/'}}, posts: {{url: 'http://{posts}/'}}}}\n"
                f"timeouts: {{subgraph_s: {10 + number % 2}}}\n"
                f"redis: {{url: '{redis_url}', timeout_s: {5 + number % 3}, key_prefix: 'r{number % 3}:'}}\n"
                f"rate_limit: {{plan: {{rate: {100_000 + number % 5}}}}}\n"
            )

        site = Site(tmp_path)
        site.configure(configuration(0))
        given = Given()
        config = site.source.read()
        serves = Serving(assemble(config, read_supergraph(config.supergraph), given=given))
        reloader = Reloader(serves, site.source, given)

        async def reload(number: int) -> weakref.ref[Authorization]:
            site.configure(configuration(number))
            assert await reloader.reload()
            with serves.gate as gate:
                answered = await answer(ClientRequest("{ users { name } posts { author { name } } }"), gate.router)
            assert answered.refusal is None
            assert not answered.errors
            return weakref.ref(gate.router.authorization)

        first = [await reload(number) for number in range(1, 21)]
        before = await _kept()
        rest = [await reload(number) for number in range(21, 61)]
        async with asyncio.timeout(20):  # for what is being closed
            while any(count > had + 3 for count, had in zip(await _kept(), before, strict=True)):
                pass

        assert [made() for made in (*first, *rest[:-1]) if made() is not None] == []
        await reloader.stop()
        await serves.gate.parts.close()


async def _kept() -> tuple[int, int, int]:
    """Tasks, threads and open files, once what is being closed is closed."""
    await asyncio.sleep(0.3)
    gc.collect()
    return len(asyncio.all_tasks()), threading.active_count(), len(os.listdir("/proc/self/fd"))


async def test_swaps_under_load_drop_no_request(tmp_path: Path) -> None:
    """Up to two hundred requests a second, while the subgraphs' addresses and the schema change back and forth, all get their data."""
    blog = Blog()
    apps = blog.apps()
    async with (
        serving(apps["people"], lifespan="off") as people,
        serving(apps["people"], lifespan="off") as others,
        serving(apps["posts"], lifespan="off") as posts,
    ):

        def subgraphs(people: str) -> str:
            return f"subgraphs: {{people: {{url: 'http://{people}/'}}, posts: {{url: 'http://{posts}/'}}}}\n"

        site = Site(tmp_path, config=subgraphs(people))
        async with running(site, in_process=False):
            outcomes: Counter[str] = Counter()
            enough = asyncio.Event()

            async def client() -> None:
                while not enough.is_set():
                    codes = await site.codes("{ users { name } posts { author { name } } }")
                    outcomes["ok" if not codes else str(codes)] += 1
                    await asyncio.sleep(0.1)

            async def load() -> None:
                async with asyncio.TaskGroup() as tasks:
                    for _ in range(20):
                        tasks.create_task(client())

            loading = asyncio.create_task(load())
            swaps, least_until = 0, monotonic() + 3.5
            while swaps < 3 or outcomes.total() <= 100 or monotonic() < least_until:
                swaps += 1
                site.rename("hello", "goodbye" if swaps % 2 else "hello")
                site.configure(subgraphs(others if swaps % 2 else people))
                await site.reloads("applied", swaps)
            enough.set()
            async with asyncio.timeout(30):
                await loading

    assert outcomes.total() == outcomes["ok"], outcomes


def test_a_signal_reloads_at_once(tmp_path: Path) -> None:
    """SIGHUP does what watching does, also where files are not watched."""
    supergraph = tmp_path / "supergraph.graphql"
    supergraph.write_text(supergraph_sdl())
    config = tmp_path / "router.yaml"
    config.write_text(f"supergraph: supergraph.graphql\n{OPEN}reload: {{watch: false}}\n")
    with serve("--config", config, "--port", "0") as (process, _):
        assert process.stderr is not None
        supergraph.write_text("type Query {")
        process.send_signal(signal.SIGHUP)
        assert "reload refused" in process.stderr.readline()
        supergraph.write_text(supergraph_sdl().replace("hello", "goodbye"))
        process.send_signal(signal.SIGHUP)
        assert "reloaded" in process.stderr.readline()
