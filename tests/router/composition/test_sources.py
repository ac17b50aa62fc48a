"""Subgraphs from a configuration file: read from disk, asked for over HTTP, refused in one sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from router.composition import SubgraphInput
from router.composition.config import read_sources
from router.composition.sources import load_subgraphs
from router.errors import ConfigError
from router.limits import SDL_ANSWER_BYTES_MAX, SDL_BYTES_MAX

SDL = "type Query { a: Int }"


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A subgraph at /graphql, and at /closed one that keeps its schema to itself."""

    async def answer(request: web.Request) -> web.Response:
        assert "_service" in (await request.json())["query"]
        return web.json_response({"data": {"_service": {"sdl": SDL}}})

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"data": None, "errors": [{"message": "introspection is off"}]})

    async def with_token(request: web.Request) -> web.Response:
        if request.headers.get("x-token") != "sesame":
            return web.json_response({"errors": [{"message": "no token"}]})
        return await answer(request)

    async def sleep(_: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response()

    def always(**response: Any) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(**response)

        return handler

    large = json.dumps({"data": {"_service": {"sdl": "#" * (SDL_BYTES_MAX + 1)}}})
    app = web.Application()
    app.router.add_post("/graphql", answer)
    app.router.add_post("/closed", refuse)
    app.router.add_post("/token", with_token)
    app.router.add_post("/slow", sleep)
    app.router.add_post("/html", always(text="<html>\n<h1>It works!</h1>\n</html>", content_type="text/html"))
    app.router.add_post("/error", always(text="out of order", status=503))
    app.router.add_post("/moved", always(status=302, headers={"location": "/graphql"}))
    app.router.add_post("/empty", always(text='{"data": {"_service": {"sdl": " "}}}'))
    app.router.add_post("/large", always(text=large))
    app.router.add_post("/endless", always(body=b" " * (SDL_ANSWER_BYTES_MAX + 1)))
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
        ("subgraphs: {a: {routing_url: u, schema: {graphref: x}}}", "graphref names a schema of GraphOS"),
        (
            "subgraphs: {a: {routing_url: u, schema: {sdl: x}}, a: {routing_url: u, schema: {sdl: y}}}",
            '"a" stands twice',
        ),
        (
            "{federation_version: latest-1, subgraphs: {a: {routing_url: u, schema: {sdl: x}}}}",
            "not a version of federation 2",
        ),
        (
            "{federation_version: =2.99.0, subgraphs: {a: {routing_url: u, schema: {sdl: x}}}}",
            "the newest version is v2.",
        ),
        ("subgraphs: {a: {schema: {subgraph_url: 'ftp://x'}}}", "must be an address such as http://"),
        ("subgraphs: {a: {schema: {subgraph_url: 'http://['}}}", "must be an address such as http://"),
        ("subgraphs: {a: {schema: {subgraph_url: '${env.PAYFLOW_ABSENT}'}}}", "variable PAYFLOW_ABSENT is not set"),
        (
            "subgraphs: {a: {routing_url: u, schema: {sdl: x, introspection_headers: {a: b}}}}",
            "introspection_headers go with subgraph_url only",
        ),
        (r'subgraphs: {a: {routing_url: u, schema: {file: "a\0b"}}}', "a path cannot hold a NUL character"),
        ("a: " + "[" * 3000, "nested too deeply"),
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


@pytest.mark.parametrize("version", ["2", '"2"', "=2.9.0", "v2.9", "2.9", "latest-2", "=2.0.0-preview.1"])
def test_every_form_of_a_version(tmp_path: Path, version: str) -> None:
    """What rover takes for federation 2 is taken here."""
    text = f"{{federation_version: {version}, subgraphs: {{a: {{routing_url: u, schema: {{sdl: x}}}}}}}}"

    assert [source.name for source in read_sources(written(tmp_path, text))] == ["a"]


def test_every_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """One sentence each: missing, not UTF-8, too large."""
    (tmp_path / "latin.graphql").write_bytes(b'type Query { "caf\xe9" a: Int }')
    (tmp_path / "large.graphql").write_bytes(b"#" * (SDL_BYTES_MAX + 1))
    files = ("absent", "latin", "large")
    subgraphs = "".join(f"  {name}: {{routing_url: u, schema: {{file: {name}.graphql}}}}\n" for name in files)

    with pytest.raises(ConfigError) as refusal:
        read_sources(written(tmp_path, f"subgraphs:\n{subgraphs}"))

    absent, latin, large = str(refusal.value).splitlines()
    assert absent.endswith("absent.graphql: No such file or directory.")
    assert latin.endswith("latin.graphql: it is not UTF-8 (byte 17).")
    assert large.endswith("large.graphql: it has more than 5 MB, the most that is read.")


def test_a_byte_order_mark_is_no_part_of_a_schema(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    (tmp_path / "a.graphql").write_bytes(b"\xef\xbb\xbf" + SDL.encode())

    [source] = read_sources(written(tmp_path, "subgraphs: {a: {routing_url: u, schema: {file: a.graphql}}}"))

    assert source.sdl == SDL


def test_what_the_environment_holds_is_not_told(tmp_path: Path) -> None:
    """References are expanded; neither a message nor a repr repeats what they stood for."""
    text = "subgraphs: {a: {routing_url: u, schema: {subgraph_url: 'http://u:${env.TOKEN}@a.test/?key=${env.TOKEN}', HEADERS}}}"
    good = text.replace("HEADERS", "introspection_headers: {Authorization: 'Bearer ${env.TOKEN}'}")
    bad = text.replace("HEADERS", 'introspection_headers: {x: "${env.TOKEN}\\n"}')

    [source] = read_sources(written(tmp_path, good), {"TOKEN": "hush"})
    with pytest.raises(ConfigError) as refusal:
        read_sources(written(tmp_path, bad), {"TOKEN": "hush"})

    assert source.headers == {"authorization": "Bearer hush"}
    assert source.source == "http://a.test/"
    assert "the value of x holds characters that no HTTP header may" in str(refusal.value)
    assert "hush" not in f"{refusal.value} {source!r}"


async def test_headers_reach_the_subgraph(tmp_path: Path, address: str) -> None:
    """A subgraph that wants a token gets it, and only it."""
    text = "subgraphs: {a: {schema: {subgraph_url: URL, introspection_headers: {X-Token: sesame}}}}"

    [subgraph] = await load_subgraphs(written(tmp_path, text.replace("URL", f"{address}/token")))

    assert subgraph.sdl == SDL
    with pytest.raises(ConfigError, match="no token"):
        await load_subgraphs(written(tmp_path, text.replace("URL", f"{address}/token").replace("sesame", "x")))


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("html", "did not answer with GraphQL (HTTP 200: <html> <h1>It works!</h1>"),
        ("error", "answered with HTTP status 503 (HTTP 503: out of order)."),
        ("empty", "does not hand out its schema by { _service { sdl } }"),
        ("slow", "did not answer within 0.2 seconds."),
        ("large", "has more than 5 MB, the most that is read."),
        ("endless", "answered more than 15000000 bytes."),
        ("moved", "answered with HTTP status 302"),
    ],
)
async def test_a_subgraph_that_answers_something_else(tmp_path: Path, address: str, path: str, complaint: str) -> None:
    """One line that names the subgraph and what it did."""
    config = written(tmp_path, f"subgraphs: {{a: {{schema: {{subgraph_url: {address}/{path}}}}}}}")

    with pytest.raises(ConfigError) as refusal:
        await load_subgraphs(config, timeout_s=0.2 if path == "slow" else 20)

    assert complaint in str(refusal.value)
    assert '"a"' in str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_every_subgraph_that_does_not_answer_is_told(tmp_path: Path, address: str) -> None:
    """One line each, in the order of the file."""
    subgraphs = "".join(f"  {name}: {{schema: {{subgraph_url: {address}/{name}}}}}\n" for name in ("html", "closed"))

    with pytest.raises(ConfigError) as refusal:
        await load_subgraphs(written(tmp_path, f"subgraphs:\n{subgraphs}"))

    assert [line.split('"')[1] for line in str(refusal.value).splitlines()] == ["html", "closed"]


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
