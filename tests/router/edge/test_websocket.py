"""GraphQL over WebSocket, on a real server with a real client: the protocol, tokens, and what ends a conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import time
from typing import Any

import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from router import limits
from router.config import Heartbeats, RouterConfig, SubscriptionSettings, Timeouts
from tests.router.edge.served import Served
from tests.router.security.tokens import SigningKey

PROTOCOL = Subprotocol("graphql-transport-ws")


class Client:
    """A WebSocket that speaks JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, type_: str, **members: Any) -> None:
        """Send one message."""
        await self.connection.send(json.dumps({"type": type_, **members}))

    async def subscribe(self, id_: str, query: str, **parameters: Any) -> None:
        """Begin an operation."""
        await self.say("subscribe", id=id_, payload={"query": query, **parameters})

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.connection.recv(), 10))
        return message

    async def closed(self) -> tuple[int, str]:
        """Wait for the close, passing over messages; its code and reason."""
        with suppress(ConnectionClosed):
            while True:
                await self.hear()
        assert self.connection.close_code is not None
        return self.connection.close_code, self.connection.close_reason or ""


@asynccontextmanager
async def connected(served: Served, **options: Any) -> AsyncIterator[Client]:
    """A socket on which nothing was said yet."""
    async with connect(served.socket_url, **{"subprotocols": [PROTOCOL], **options}) as connection:
        yield Client(connection)


@asynccontextmanager
async def acknowledged(served: Served, payload: dict[str, Any] | None = None) -> AsyncIterator[Client]:
    """A socket that may subscribe."""
    async with connected(served) as client:
        await client.say("connection_init", **({} if payload is None else {"payload": payload}))
        assert await client.hear() == {"type": "connection_ack"}
        yield client


async def heard(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


# ── operations ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_event_is_completed_by_other_subgraphs(served: Served) -> None:
    """What one subgraph publishes arrives with fields of another."""
    async with acknowledged(served) as client:
        await client.subscribe("s", "subscription { published { title author { name } } }")
        await heard(served.blog.listening)
        await served.post('mutation { publish(title: "Live") { id } }')

        assert await client.hear() == {
            "type": "next",
            "id": "s",
            "payload": {"data": {"published": {"title": "Live", "author": {"name": "Ada"}}}},
        }


async def test_a_finished_subscription_is_completed(served: Served) -> None:
    """Events come in order, then complete; the id may be used again."""
    async with acknowledged(served) as client:
        for _ in range(2):
            await client.subscribe("s", "subscription ($to: Int!) { count(to: $to) }", variables={"to": 3})
            got = [await client.hear() for _ in range(4)]
            assert [message.get("payload", {}).get("data", {}).get("count") for message in got] == [1, 2, 3, None]
            assert got[-1] == {"id": "s", "type": "complete"}


async def test_a_long_burst_reaches_a_client_that_reads(served: Served) -> None:
    """More events at once than the buffer holds are no reason to close, as long as the client keeps reading."""
    to = 10 * limits.SUBSCRIPTION_BUFFER_MAX
    async with acknowledged(served) as client:
        await client.subscribe("s", f"subscription {{ count(to: {to}) }}")
        got = [(await client.hear())["payload"]["data"]["count"] for _ in range(to)]
    assert got == list(range(1, to + 1))


async def test_queries_and_mutations_go_over_the_socket_too(served: Served) -> None:
    """Each gives one result and completes, many of them at once."""
    async with acknowledged(served) as client:
        await client.subscribe("q", "{ hello }")
        await client.subscribe("m", 'mutation { publish(title: "New") { title } }')
        got = [await client.hear() for _ in range(4)]

    for id_, data in (("q", {"hello": "Hello you"}), ("m", {"publish": {"title": "New"}})):
        assert [message for message in got if message["id"] == id_] == [
            {"id": id_, "type": "next", "payload": {"data": data}},
            {"id": id_, "type": "complete"},
        ]


async def test_a_refused_operation_is_an_error_message(served: Served) -> None:
    """An operation that does not validate ends with its errors and no complete; the socket lives on."""
    async with acknowledged(served) as client:
        await client.subscribe("bad", "{ nope }")
        message = await client.hear()
        assert (message["type"], message["id"]) == ("error", "bad")
        assert message["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"

        await client.subscribe("bad", "{ hello }")
        assert (await client.hear())["payload"] == {"data": {"hello": "Hello you"}}


async def test_completing_ends_the_subscription_at_its_subgraph(served: Served) -> None:
    """The client's complete cancels upstream, and nothing more is said of that id."""
    async with acknowledged(served) as client:
        await client.subscribe("s", "subscription { published { title } }")
        await heard(served.blog.listening)
        await client.say("complete", id="s")
        await heard(served.blog.closed)

        await client.subscribe("q", "{ hello }")
        assert (await client.hear())["id"] == "q"


async def test_a_vanished_client_ends_its_subscriptions(served: Served) -> None:
    """A socket that breaks without a word leaves nothing running."""
    async with acknowledged(served) as client:
        await client.subscribe("s", "subscription { published { title } }")
        await heard(served.blog.listening)
        client.connection.transport.abort()
        await heard(served.blog.closed)


async def test_a_client_that_does_not_read_is_let_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its buffer is full the socket is closed and the subgraph released; others are not held up."""
    monkeypatch.setattr(limits, "SOCKET_CLOSE_S", 0.1)
    async with connected(served, max_queue=1, compression=None) as client:
        await client.say("connection_init")
        await client.subscribe("s", "subscription { flood }")
        await heard(served.blog.closed)
        assert await served.post("{ hello }") == {"data": {"hello": "Hello you"}}
        client.connection.transport.abort()


async def test_operations_of_a_socket_are_bounded(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is refused by an error of its own; the others go on."""
    monkeypatch.setattr(limits, "SUBSCRIPTIONS_PER_SOCKET_MAX", 2)
    async with acknowledged(served) as client:
        for id_ in ("1", "2", "3"):
            await client.subscribe(id_, "subscription { published { title } }")
        message = await client.hear()
        assert (message["type"], message["id"]) == ("error", "3")
        assert message["payload"] == [
            {
                "message": "A socket carries at most 2 operations at a time.",
                "extensions": {"code": "LIMIT_EXCEEDED"},
            }
        ]


async def test_sockets_are_bounded(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is told to try again later; a place that is left is free again."""
    monkeypatch.setattr(limits, "SOCKETS_MAX", 1)
    async with acknowledged(served), connected(served) as crowded:
        assert await crowded.closed() == (1013, "Too many sockets are open.")
    async with asyncio.timeout(10):
        while served.blog.headers == []:
            async with connected(served) as client:
                await client.say("connection_init")
                await client.subscribe("q", "{ hello }")
                with suppress(ConnectionClosed):
                    await client.hear()
                    await client.hear()


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
@pytest.mark.parametrize("prefix", ["Bearer ", ""])
async def test_the_token_comes_with_the_first_message(served: Served, name: str, prefix: str) -> None:
    """With or without `Bearer`; it opens protected fields and goes along to the subgraphs."""
    token = served.key.token()
    async with acknowledged(served, {name: prefix + token}) as client:
        await client.subscribe("q", "{ me { name } }")
        assert (await client.hear())["payload"] == {"data": {"me": {"name": "Ada"}}}
    assert served.blog.headers[0]["authorization"] == f"Bearer {token}"


async def test_the_token_may_come_with_the_handshake(served: Served) -> None:
    """A client that can set headers needs no payload."""
    headers = {"authorization": f"Bearer {served.key.token()}"}
    async with connected(served, additional_headers=headers) as client:
        await client.say("connection_init")
        assert await client.hear() == {"type": "connection_ack"}
        await client.subscribe("s", "subscription { whispered }")
        assert (await client.hear())["payload"] == {"data": {"whispered": "psst"}}


async def test_without_a_token_protected_fields_are_denied(served: Served) -> None:
    """An anonymous socket is told to sign in, by operation."""
    async with acknowledged(served) as client:
        await client.subscribe("s", "subscription { whispered }")
        message = await client.hear()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"
        assert await client.hear() == {"id": "s", "type": "complete"}


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("nonsense", "The access token is not a JSON Web Token."),
        ("Basic eDp5", "The Authorization header must read `Bearer <token>`."),
        ("", "The Authorization header must read `Bearer <token>`."),
        (7, "The authorization in the connection_init payload must be a string."),
    ],
)
async def test_a_bad_token_closes_the_socket(served: Served, authorization: Any, reason: str) -> None:
    """4403 tells a standard client to come back with another token."""
    async with connected(served) as client:
        await client.say("connection_init", payload={"authorization": authorization})
        assert await client.closed() == (4403, reason)


async def test_without_the_issuers_keys_a_token_may_try_later(served: Served) -> None:
    """A token by a key that nobody can look up just now is not let in, and not called bad."""
    served.keys.down = True
    async with connected(served) as client:
        await client.say("connection_init", payload={"authorization": SigningKey("unread").token()})
        assert (await client.closed())[0] == 1013


async def test_an_expiring_token_closes_the_socket(served: Served) -> None:
    """When the token runs out the socket is closed, its subscriptions with it."""
    async with acknowledged(served, {"authorization": served.key.token(exp=int(time()) + 2)}) as client:
        await client.subscribe("s", "subscription { published { title } }")
        assert await client.closed() == (4403, "The access token has expired: connect again with a new one.")
        await heard(served.blog.closed)


# ── the protocol ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_another_subprotocol_is_not_spoken(served: Served) -> None:
    """The old graphql-ws, or none at all, is closed with 4406."""
    for subprotocols in ([Subprotocol("graphql-ws")], None):
        async with connect(served.socket_url, subprotocols=subprotocols) as connection:
            assert (await Client(connection).closed())[0] == 4406


async def test_pings_are_answered(served: Served) -> None:
    """A ping comes back as a pong with its payload, before and after the acknowledgement."""
    async with connected(served) as client:
        await client.say("ping")
        assert await client.hear() == {"type": "pong"}
        await client.say("connection_init")
        assert await client.hear() == {"type": "connection_ack"}
        await client.say("ping", payload={"n": 1})
        assert await client.hear() == {"type": "pong", "payload": {"n": 1}}


class TestHeartbeats:
    """A socket on which nothing happens."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(
            update={"subscriptions": SubscriptionSettings(heartbeats=Heartbeats(websocket_s=0.05))}
        )

    async def test_the_server_pings(self, served: Served) -> None:
        """An idle socket is kept alive; an unasked pong is no offence."""
        async with acknowledged(served) as client:
            for _ in range(2):
                assert await client.hear() == {"type": "ping"}
                await client.say("pong")


async def test_subscribing_before_the_first_message_is_4401(served: Served) -> None:
    """Nothing runs on a socket that was not initialised."""
    async with connected(served) as client:
        await client.subscribe("s", "{ hello }")
        assert (await client.closed())[0] == 4401


async def test_a_second_initialisation_is_4429(served: Served) -> None:
    """A caller is settled once per socket."""
    async with acknowledged(served) as client:
        await client.say("connection_init")
        assert await client.closed() == (4429, "Too many initialisation requests")


async def test_an_id_in_use_is_4409(served: Served) -> None:
    """Two operations of one id could not be told apart."""
    async with acknowledged(served) as client:
        for _ in range(2):
            await client.subscribe("s", "subscription { published { title } }")
        assert await client.closed() == (4409, "Subscriber for s already exists")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"type":"subscribe"}',
        '{"type":"subscribe","id":"","payload":{"query":"{a}"}}',
        '{"type":"subscribe","id":"1","payload":{"query":1}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}',
        '{"type":"complete"}',
        '{"type":"connection_init","payload":3}',
        '{"type":"start","id":"1"}',
        b"\x00",
    ],
)
async def test_what_is_no_message_is_4400(served: Served, text: str | bytes) -> None:
    """A message of another type or shape ends the conversation."""
    async with acknowledged(served) as client:
        await client.connection.send(text)
        assert (await client.closed())[0] == 4400


class TestWithoutAFirstMessage:
    """A socket that says nothing."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"timeouts": Timeouts(connection_init_s=0.2)})

    async def test_it_is_closed_with_4408(self, served: Served) -> None:
        """Pings do not keep an uninitialised socket open."""
        async with connected(served) as client:
            await client.say("ping")
            assert await client.closed() == (4408, "Connection initialisation timeout")


async def test_sockets_and_subscriptions_are_counted(served: Served) -> None:
    """The gauges rise with a subscription and fall with its socket."""

    async def gauges() -> tuple[str, str]:
        async with served.client.get(f"http://{served.address}/metrics") as response:
            lines = dict(line.rsplit(" ", 1) for line in (await response.text()).splitlines() if line[0] != "#")
        return lines["router_sockets"], lines["router_subscriptions"]

    async with acknowledged(served) as client:
        await client.subscribe("s", "subscription { published { title } }")
        await heard(served.blog.listening)
        assert await gauges() == ("1.0", "1.0")
    await heard(served.blog.closed)
    async with asyncio.timeout(10):
        while await gauges() != ("0.0", "0.0"):
            await asyncio.sleep(0.01)


async def test_a_fault_of_ours_is_4500(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is told no more than that, and the log has the story."""

    def broken(text: str | None) -> object:
        raise RuntimeError("secret")

    async with acknowledged(served) as client:
        monkeypatch.setattr("router.edge.websocket.read_message", broken)
        with capture_logs() as logs:
            await client.say("ping")
            assert await client.closed() == (4500, "The socket failed because of a fault on our side.")
    assert [entry["event"] for entry in logs] == ["a socket failed"]
