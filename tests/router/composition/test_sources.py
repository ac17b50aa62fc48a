"""Subgraphs from a configuration file: read from disk, asked for over HTTP, refused in one sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from router.composition import SubgraphInput
from router.composition.config import read_sources
from router.composition.sources import load_subgraphs
from router.errors import ConfigError

SDL = "type Query { a: Int }"


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A subgraph at /graphql, and at /closed one that keeps its schema to itself."""

    async def answer(request: web.Request) -> web.Response:
        assert "_service" in (await request.json())["query"]
        return web.json_response({"data": {"_service": {"sdl": SDL}}})

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"data": None, "errors": [{"message": "introspection is off"}]})

    app = web.Application()
    app.router.add_post("/graphql", answer)
    app.router.add_post("/closed", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def written(folder: Path, text: str) -> Path:
    path = folder / "supergraph.yaml"
    path.write_text(text)
    return path


async def test_files_texts_and_running_subgraphs(tmp_path: Path, address: str) -> None:
    """All three ways to name a schema; files are relative to the configuration, the routing URL defaults to the asked one."""
    (tmp_path / "subgraphs").mkdir()
    (tmp_path / "subgraphs" / "a.graphql").write_text(SDL)
    path = written(
        tmp_path,
        f"""
federation_version: =2.11.0
subgraphs:
  a:
    routing_url: http://a.test/graphql
    schema: {{file: ./subgraphs/a.graphql}}
  b:
    routing_url: http://b.test/graphql
    schema: {{subgraph_url: {address}/graphql}}
  c:
    schema: {{subgraph_url: {address}/graphql}}
  d:
    routing_url: http://d.test/graphql
    schema: {{sdl: "{SDL}"}}
""",
    )

    subgraphs = await load_subgraphs(path)

    assert subgraphs == [
        SubgraphInput("a", SDL, "http://a.test/graphql", str(tmp_path / "subgraphs" / "a.graphql")),
        SubgraphInput("b", SDL, "http://b.test/graphql", f"{address}/graphql"),
        SubgraphInput("c", SDL, f"{address}/graphql", f"{address}/graphql"),
        SubgraphInput("d", SDL, "http://d.test/graphql", f"{path}#d"),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("subgraphs: {", "is not YAML"),
        ("- a", "must be a mapping"),
        ("federation_version: 2", "subgraphs: Field required"),
        ("subgraphs: {}", "subgraphs: "),
        (
            "{federation_version: 1, subgraphs: {a: {routing_url: u, schema: {sdl: x}}}}",
            "not a version of federation 2",
        ),
        ("{subgraphs: {a: {routing_url: u, schema: {sdl: x}}}, sub: 1}", "the key sub is unknown"),
        ("subgraphs: {a: {routing_url: u, url: v, schema: {sdl: x}}}", "the key subgraphs.a.url is unknown"),
        ("subgraphs: {a: {routing_url: u, schema: {graphref: x}}}", "the key subgraphs.a.schema.graphref is unknown"),
        ("subgraphs: {a: {routing_url: u, schema: {sdl: x, file: y}}}", "exactly one of file, subgraph_url and sdl"),
        ("subgraphs: {a: {routing_url: u, schema: {}}}", "exactly one of file, subgraph_url and sdl"),
        ("subgraphs: {a: {schema: {sdl: x}}}", "routing_url is missing"),
        ("subgraphs: {a: {routing_url: u, schema: {file: nope.graphql}}}", "nope.graphql: No such file or directory"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, complaint: str) -> None:
    """One sentence that names the key and what is wrong with it."""
    with pytest.raises(ConfigError) as refusal:
        read_sources(written(tmp_path, text))

    assert complaint in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_no_file(tmp_path: Path) -> None:
    """A configuration that is not there is said to be so."""
    with pytest.raises(ConfigError, match=r"Cannot read .*absent.yaml: No such file or directory"):
        read_sources(tmp_path / "absent.yaml")


async def test_a_subgraph_that_keeps_its_schema(tmp_path: Path, address: str) -> None:
    """Its own reason is passed on."""
    path = written(tmp_path, f"subgraphs: {{a: {{schema: {{subgraph_url: {address}/closed}}}}}}")

    with pytest.raises(ConfigError, match=r'Subgraph "a" does not hand out its schema .* introspection is off'):
        await load_subgraphs(path)


async def test_a_subgraph_that_is_down(tmp_path: Path, unused_tcp_port: int) -> None:
    """The subgraph and its address are named."""
    path = written(tmp_path, f"subgraphs: {{a: {{schema: {{subgraph_url: 'http://127.0.0.1:{unused_tcp_port}/'}}}}}}")

    with pytest.raises(ConfigError, match=rf'Cannot get the schema of subgraph "a": .*{unused_tcp_port}'):
        await load_subgraphs(path)
