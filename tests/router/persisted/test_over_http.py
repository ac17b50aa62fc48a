"""Operations sent by hash or id, through a running router: what clients send, and what they look for in the answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from pydantic import ValidationError
from structlog.testing import capture_logs

from router.app import create_app
from router.config import ConfigSource, RouterConfig
from router.config.authorization import AuthorizationSettings
from router.config.persisted import PersistedSettings
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving

TEXT = "query Hello { hello }"
HASH = sha256(TEXT.encode()).hexdigest()
BY_HASH: dict[str, Any] = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}
ANONYMOUS_ONLY = AuthorizationSettings(anonymous_only=True)
HELLO = {"data": {"hello": "Hello you"}}


class Persisting:
    """A running router and a client of it."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http

    async def post(self, headers: dict[str, str] | None = None, **body: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer."""
        async with self.http.post(f"{self.url}/graphql", json=body, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def get(self, **parameters: str) -> tuple[int, dict[str, Any], str | None]:
        """Status, answer and cache-control."""
        headers = {"apollo-require-preflight": "true"}
        async with self.http.get(f"{self.url}/graphql", params=parameters, headers=headers) as response:
            return response.status, await response.json(content_type=None), response.headers.get("cache-control")

    async def metrics(self) -> str:
        """What Prometheus reads."""
        async with self.http.get(f"{self.url}/metrics") as response:
            return await response.text()


@asynccontextmanager
async def persisting(folder: Path, **settings: Any) -> AsyncIterator[Persisting]:
    persisted = PersistedSettings.model_validate(settings)
    config = RouterConfig(
        supergraph=supergraph_file(folder), authorization=ANONYMOUS_ONLY, persisted_operations=persisted
    )
    async with (
        serving(create_app(config, transport=Blog().transport())) as address,
        aiohttp.ClientSession() as http,
    ):
        yield Persisting(f"http://{address}", http)


def manifest(folder: Path, documents: dict[str, str] | None = None) -> str:
    """A file in Relay's format."""
    file = folder / "manifest.json"
    file.write_text(json.dumps(documents or {"hello-1": TEXT}))
    return str(file)


def refused(code: str) -> Any:
    """Equal to the one error of an answer that has this code."""

    class Refused:
        __hash__ = None  # type: ignore[assignment]  # as of all that compares by value and may change

        def __eq__(self, body: object) -> bool:
            assert isinstance(body, dict)
            return [error["extensions"]["code"] for error in body["errors"]] == [code] and "data" not in body

        def __repr__(self) -> str:
            return f"<refused: {code}>"

    return Refused()


# ── automatic persisted queries ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_protocol_of_automatic_persisted_queries(tmp_path: Path) -> None:
    """Hash alone: not found, in the words and with the status that clients know; with the text: answered; then alone: answered."""
    async with persisting(tmp_path) as router:
        first = await router.post(**BY_HASH)
        second = await router.post(query=TEXT, **BY_HASH)
        third = await router.post(**BY_HASH, operationName="Hello")

    not_found = {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
    assert first == (200, {"errors": [not_found]})
    assert second == third == (200, HELLO)


async def test_hashes_by_get(tmp_path: Path) -> None:
    """A GET names its text by hash, so that a CDN can keep the answer; what says "send the text" is never kept."""
    extensions = json.dumps(BY_HASH["extensions"])
    async with persisting(tmp_path) as router:
        missed = await router.get(extensions=extensions)
        await router.post(query=TEXT, **BY_HASH)
        found = await router.get(extensions=extensions, operationName="Hello")

    assert missed[1]["errors"][0]["message"] == "PersistedQueryNotFound"
    assert missed[2] == "no-store"
    assert found[:2] == (200, HELLO)


async def test_a_mutation_is_no_more_sent_by_get_for_having_a_hash(tmp_path: Path) -> None:
    """What a hash stands for keeps the rules of what it is."""
    mutation = 'mutation { publish(title: "x") { id } }'
    digest = sha256(mutation.encode()).hexdigest()
    named = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    async with persisting(tmp_path) as router:
        status, _ = await router.post(query=mutation, extensions=named)
        refused_status, body, _ = await router.get(extensions=json.dumps(named))

    assert status == 200
    assert refused_status == 405
    assert "POST" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("extension", "message"),
    [
        ({"version": 2, "sha256Hash": HASH}, "Version 2 of persisted queries is not supported"),
        ({"version": 1}, 'must be {"version": 1, "sha256Hash": "…"}'),
        ("x", 'must be {"version": 1, "sha256Hash": "…"}'),
        ({"version": 1, "sha256Hash": 7}, 'must be {"version": 1, "sha256Hash": "…"}'),
    ],
)
async def test_an_extension_that_cannot_be_read(tmp_path: Path, extension: Any, message: str) -> None:
    """It is told what is wrong with it, with or without a text."""
    async with persisting(tmp_path) as router:
        alone = await router.post(extensions={"persistedQuery": extension})
        with_text = await router.post(query=TEXT, extensions={"persistedQuery": extension})

    for status, body in (alone, with_text):
        assert status == 400
        assert message in body["errors"][0]["message"]


async def test_a_text_with_another_hash_is_refused(tmp_path: Path) -> None:
    """Or else one client could give another client's hash a meaning of its own."""
    async with persisting(tmp_path) as router:
        status, body = await router.post(query="{ users { id } }", **BY_HASH)

    assert (status, body) == (400, refused("PERSISTED_QUERY_HASH_MISMATCH"))


async def test_where_nothing_can_be_registered(tmp_path: Path) -> None:
    """Clients are told in their words, and stop to send hashes; a text that comes with one runs."""
    async with persisting(tmp_path, automatic={"enabled": False}) as router:
        alone = await router.post(**BY_HASH)
        with_text = await router.post(query=TEXT, **BY_HASH)
        by_id = await router.post(documentId="x")

    assert alone[0] == 200
    assert alone[1]["errors"][0]["message"] == "PersistedQueryNotSupported"
    assert by_id[1] == refused("PERSISTED_QUERY_NOT_SUPPORTED")
    assert with_text == (200, HELLO)


async def test_hashes_over_a_websocket(tmp_path: Path) -> None:
    """An operation of a socket is named in the same way."""
    async with (
        persisting(tmp_path) as router,
        router.http.ws_connect(f"{router.url}/graphql", protocols=["graphql-transport-ws"]) as socket,
        asyncio.timeout(20),
    ):
        await socket.send_json({"type": "connection_init"})
        assert (await socket.receive_json())["type"] == "connection_ack"
        await socket.send_json({"type": "subscribe", "id": "1", "payload": BY_HASH})
        missed = await socket.receive_json()
        await router.post(query=TEXT, **BY_HASH)
        await socket.send_json({"type": "subscribe", "id": "2", "payload": BY_HASH})
        found = await socket.receive_json()

    assert missed["payload"][0]["message"] == "PersistedQueryNotFound"
    assert found["payload"] == HELLO


# ── trusted documents ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "named",
    [
        {"documentId": "hello-1"},
        {"doc_id": "hello-1"},
        {"id": "hello-1"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "hello-1"}}},
    ],
)
@pytest.mark.parametrize("safelist", ["off", "log_unknown", "required"])
async def test_a_trusted_document_runs_by_its_id(tmp_path: Path, named: dict[str, Any], safelist: str) -> None:
    """In each place where clients put ids, in each mode."""
    async with persisting(tmp_path, manifests=[manifest(tmp_path)], safelist=safelist) as router:
        assert await router.post(**named) == (200, HELLO)


async def test_an_id_that_nobody_has(tmp_path: Path) -> None:
    """It is not in the list where there is one; as a hash it may still be registered, if clients may."""
    settings: dict[str, Any] = {"manifests": [manifest(tmp_path)]}
    async with persisting(tmp_path, **settings) as router:
        assert await router.post(documentId="x") == (404, refused("PERSISTED_QUERY_NOT_IN_LIST"))
        assert await router.post(**BY_HASH) == (200, refused("PERSISTED_QUERY_NOT_FOUND"))
    async with persisting(tmp_path, **settings, safelist="required") as router:
        assert await router.post(**BY_HASH) == (404, refused("PERSISTED_QUERY_NOT_IN_LIST"))


async def test_only_trusted_texts_run_where_the_safelist_is_required(tmp_path: Path) -> None:
    """However they are laid out; others are refused, also under a hash, and so is introspection."""
    async with persisting(tmp_path, manifests=[manifest(tmp_path)], safelist="required") as router:
        assert await router.post(query="query Hello{hello}  # hi") == (200, HELLO)
        assert await router.post(query="query Hello { hello users { id } }") == (403, refused("QUERY_NOT_IN_SAFELIST"))
        assert await router.post(query="{ __schema { types { name } } }") == (403, refused("QUERY_NOT_IN_SAFELIST"))
        assert await router.post(query="not graphql {") == (403, refused("QUERY_NOT_IN_SAFELIST"))
        assert await router.post(query=TEXT, **BY_HASH) == (400, refused("CANNOT_SEND_PQ_ID_AND_BODY"))
        assert await router.post(query=TEXT, documentId="hello-1") == (400, refused("CANNOT_SEND_PQ_ID_AND_BODY"))


async def test_ids_only(tmp_path: Path) -> None:
    """With `require_id` even a trusted text has to come by its id."""
    settings: dict[str, Any] = {"manifests": [manifest(tmp_path)], "safelist": "required", "require_id": True}
    async with persisting(tmp_path, **settings) as router:
        assert await router.post(query=TEXT) == (400, refused("PERSISTED_QUERY_ID_REQUIRED"))
        assert await router.post(id="hello-1") == (200, HELLO)


async def test_unknown_operations_are_logged_once(tmp_path: Path) -> None:
    """By digest, name and client, never by text; they run."""
    unknown = 'query Who { hello(name: "secret") }'
    client = {"apollographql-client-name": "ios", "apollographql-client-version": "7"}
    async with persisting(tmp_path, manifests=[manifest(tmp_path)], safelist="log_unknown") as router:
        with capture_logs() as lines:
            for _ in range(3):
                status, body = await router.post(client, query=unknown, operationName="Who")
                await router.post(query=TEXT)
        metrics = await router.metrics()

    assert (status, body) == (200, {"data": {"hello": "Hello secret"}})
    told = [line for line in lines if line["event"] == "operation is in no manifest"]
    assert told == [
        {
            "event": "operation is in no manifest",
            "log_level": "warning",
            "sha256": sha256(unknown.encode()).hexdigest(),
            "operation_name": "Who",
            "client_name": "ios",
            "client_version": "7",
        }
    ]
    assert 'router_persisted_total{outcome="unknown"} 3.0' in metrics


async def test_a_line_of_the_log_is_as_long_as_it_may_be(tmp_path: Path) -> None:
    """What clients call themselves and their operations is cut: a name may have as many characters as a body."""
    long = "a" * 50_000
    async with persisting(tmp_path, manifests=[manifest(tmp_path)], safelist="required") as router:
        with capture_logs() as lines:
            await router.post(
                {"apollographql-client-name": long[:8_000]}, query=f"query {long} {{ hello }}", operationName=long
            )

    [told] = [line for line in lines if line["event"] == "operation is in no manifest"]
    assert (len(told["operation_name"]), len(told["client_name"])) == (128, 128)


async def test_trusted_documents_are_planned_before_the_router_serves(tmp_path: Path) -> None:
    """The first request of an operation finds its plan; a document that cannot run is told at the start."""
    documents = {"hello-1": TEXT, "broken-1": "{ nope }"}
    with capture_logs() as lines:
        async with persisting(tmp_path, manifests=[manifest(tmp_path, documents)]) as router:
            before = await router.metrics()
            await router.post(id="hello-1")
            after = await router.metrics()

    assert 'router_plan_cache_total{result="hit"} 0.0' in before
    assert 'router_plan_cache_total{result="hit"} 1.0' in after
    assert [(line["id"], line["log_level"]) for line in lines if "trusted document" in line["event"]] == [
        ("broken-1", "warning")
    ]


async def test_a_changed_manifest_is_taken_up(tmp_path: Path) -> None:
    """New ids work within a moment, old ones stop to; a manifest that cannot be read changes nothing."""
    file = Path(manifest(tmp_path))
    (tmp_path / "router.yaml").write_text(
        yaml.safe_dump(
            {
                "supergraph": str(supergraph_file(tmp_path)),
                "authorization": {"anonymous_only": True},
                "reload": {"interval_s": 0.02},
                "persisted_operations": {"manifests": [file.name], "safelist": "required"},
            }
        )
    )
    app = create_app(ConfigSource(tmp_path / "router.yaml"), transport=Blog().transport())
    async with serving(app) as address, aiohttp.ClientSession() as http:
        router = Persisting(f"http://{address}", http)
        assert (await router.post(id="hello-1"))[0] == 200

        file.write_text(json.dumps({"hello-2": TEXT}))
        async with asyncio.timeout(20):
            while (await router.post(id="hello-2"))[0] != 200:
                await asyncio.sleep(0.02)
        assert (await router.post(id="hello-1"))[0] == 404

        file.write_text("{ broken")
        async with asyncio.timeout(20):
            while 'outcome="refused"} 1.0' not in await router.metrics():
                await asyncio.sleep(0.02)
        assert (await router.post(id="hello-2"))[0] == 200


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"safelist": "required"}, "safelist required needs manifests"),
        ({"safelist": "log_unknown"}, "safelist log_unknown needs manifests"),
        ({"manifests": ["m.json"], "require_id": True}, "require_id needs safelist: required"),
    ],
)
def test_settings_that_cannot_be_meant(settings: dict[str, Any], told: str) -> None:
    """A safelist without documents would refuse everything, and ids without a safelist nothing."""
    with pytest.raises(ValidationError, match=told):
        PersistedSettings.model_validate(settings)
