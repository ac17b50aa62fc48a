"""The base of the generated clients, against a real server: what is an answer, what is a refusal, and what nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic import BaseModel, Field

from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.client.transport import PooledClient

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(answer: Answer) -> AsyncIterator[str]:
    """The URL of a server that answers everything so."""
    app = web.Application()
    app.router.add_route("*", "/graphql", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/graphql"
    finally:
        await runner.cleanup()


def json_of(body: Any, status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return answer


async def ask(url: str, *, timeout_s: float = 10) -> dict[str, Any]:
    async with PooledClient(url, timeout_s=timeout_s) as client:
        return client.get_data(await client.execute("{ it }", "It"))


async def test_data_is_the_answer() -> None:
    """Data without errors is handed on."""
    async with served(json_of({"data": {"it": 1}})) as url:
        assert await ask(url) == {"it": 1}


@pytest.mark.parametrize(
    "body",
    [
        {"unrelated": True},
        ["no", "object"],
        {"data": None, "errors": [{"message": "?", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]},
        {"data": None, "errors": [{"message": "?", "extensions": {"code": "UNAVAILABLE"}}]},
    ],
)
async def test_a_fault_over_there_leaves_the_outcome_unknown(body: Any) -> None:
    """What is no GraphQL answer, or tells of a fault, may stand for a command that has happened."""
    async with served(json_of(body)) as url:
        with pytest.raises(OutcomeUnknown):
            await ask(url)


async def test_silence_leaves_the_outcome_unknown() -> None:
    """A server that takes too long, breaks off or cannot be reached says nothing of what it did."""

    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(20)
        return web.Response()

    async def not_json(_: web.Request) -> web.Response:
        return web.Response(text="<html>", status=502)

    for answer in (silent, not_json):
        async with served(answer) as url:
            with pytest.raises(OutcomeUnknown):
                await ask(url, timeout_s=0.5)
    with pytest.raises(OutcomeUnknown, match="gave no answer"):
        await ask("http://127.0.0.1:1/graphql")


async def test_a_refused_request_is_known_to_have_done_nothing() -> None:
    """Errors that are the request's own come as CallRejected, with their codes."""
    errors = [{"message": "No.", "extensions": {"code": "FORBIDDEN"}}, {"message": "No!"}]
    async with served(json_of({"data": None, "errors": errors})) as url:
        with pytest.raises(CallRejected, match=r"No\.; No!") as rejected:
            await ask(url)

    assert rejected.value.codes == ("FORBIDDEN", "")


class Input(BaseModel):
    wallet_id: str = Field(alias="walletId")
    note: str | None = None


async def test_what_is_sent() -> None:
    """Inputs go under their GraphQL names, fields left unset stay out, and the token is asked for each call."""
    bodies: list[Any] = []
    tokens = iter(["one", "two"])

    async def echo(request: web.Request) -> web.Response:
        bodies.append((await request.json(), request.headers.get("authorization")))
        return web.json_response({"data": {}})

    async with served(echo) as url, PooledClient(url, token=lambda: next(tokens)) as client:
        await client.execute("q", "Q", {"input": Input(walletId="w"), "list": [Input(walletId="v", note=None)]})
        await client.execute("q")

    assert bodies[0][0]["variables"] == {"input": {"walletId": "w"}, "list": [{"walletId": "v", "note": None}]}
    assert [authorization for _, authorization in bodies] == ["Bearer one", "Bearer two"]


def subscription(tell: Callable[[web.WebSocketResponse, str], Awaitable[None]]) -> Answer:
    """A graphql-transport-ws server that acknowledges, takes one subscription and then does `tell`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=["graphql-transport-ws"])
        await socket.prepare(request)
        init = await socket.receive_json()
        assert init == {"type": "connection_init", "payload": {"Authorization": "Bearer t"}}
        await socket.send_json({"type": "connection_ack"})
        await tell(socket, (await socket.receive_json())["id"])
        return socket

    return answer


async def listen(url: str) -> list[Any]:
    async with PooledClient(url, token=lambda: "t", timeout_s=0.6) as client:
        return [event async for event in client.execute_ws("subscription { it }")]


async def test_a_subscription_yields_its_events_and_ends() -> None:
    """Events come until `complete`, pings are answered, and a pause longer than a call's time-out breaks nothing."""

    async def tell(socket: web.WebSocketResponse, identity: str) -> None:
        await socket.send_json({"id": identity, "type": "next", "payload": {"data": {"it": 1}}})
        await socket.send_json({"type": "ping"})
        assert (await socket.receive_json())["type"] == "pong"
        await asyncio.sleep(0.9)
        await socket.send_json({"id": identity, "type": "next", "payload": {"data": {"it": 2}}})
        await socket.send_json({"id": identity, "type": "complete"})

    async with served(subscription(tell)) as url:
        assert await listen(url) == [{"it": 1}, {"it": 2}]


async def test_a_subscription_that_breaks_off_says_so() -> None:
    """A socket that closes without `complete` is no end; an `error` message is a refusal."""

    async def hang_up(socket: web.WebSocketResponse, _: str) -> None:
        await socket.close(code=4400)

    async def refuse(socket: web.WebSocketResponse, identity: str) -> None:
        await socket.send_json({"id": identity, "type": "error", "payload": [{"message": "No."}]})

    async with served(subscription(hang_up)) as url:
        with pytest.raises(OutcomeUnknown, match="4400"):
            await listen(url)
    async with served(subscription(refuse)) as url:
        with pytest.raises(CallRejected, match="No"):
            await listen(url)
