"""Signing in through the router: a stolen refresh token ends a session everywhere, guessing is slowed down, and keys rotate unnoticed."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest

from tests.e2e.conftest import Platform
from tests.subgraphs.harness import Client

SESSION = "... on Session { accessToken refreshToken user { id } }"
REGISTER = f"mutation ($input: RegisterInput!) {{ register(input: $input) {{ {SESSION} }} }}"
REFRESH = f"""
mutation ($token: String!) {{ refreshSession(refreshToken: $token) {{ __typename {SESSION} ... on Problem {{ message }} }} }}
"""
LOGIN = """
mutation ($input: LoginInput!) {
  login(input: $input) { __typename ... on Session { accessToken } ... on TooManyAttempts { message retryAfter } }
}
"""
LOGOUT = "mutation ($token: String!) { logout(refreshToken: $token) }"
WALLETS = "{ me { id wallets { id } } }"
FORBIDDEN = 4403  # how the router closes the socket of a session that ended


@dataclass(frozen=True)
class SignedIn:
    """A session of somebody new."""

    email: str
    access_token: str
    refresh_token: str


PASSWORD = "correct horse battery"


async def somebody(api: Client) -> SignedIn:
    handle = f"p_{secrets.token_hex(5)}"
    email = f"{handle}@example.com"
    registration = {"email": email, "password": PASSWORD, "handle": handle, "displayName": "P"}
    session = (await api.data(REGISTER, {"input": registration}))["register"]
    return SignedIn(email, session["accessToken"], session["refreshToken"])


async def refreshed(api: Client, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.data(REFRESH, {"token": token}))["refreshSession"]
    return answer


async def code_of(api: Client, token: str) -> str | None:
    """The code of the error that this token's bearer gets."""
    errors = (await api.execute(WALLETS, token=token)).get("errors")
    return errors[0]["extensions"]["code"] if errors else None


async def is_turned_away(api: Client, token: str) -> None:
    """Soon: routers hear of it by a message."""
    async with asyncio.timeout(5):
        while await code_of(api, token) != "UNAUTHENTICATED":
            await asyncio.sleep(0.02)


async def closing_of(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code that the socket is closed with, soon."""
    async with asyncio.timeout(5):
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    return socket.close_code


async def test_a_token_used_twice_ends_the_session_everywhere(api: Client) -> None:
    """Its access tokens, old and new, its refresh tokens, and its open subscription; another session of the person goes on."""
    ada = await somebody(api)
    other = (await api.data(LOGIN, {"input": {"email": ada.email, "password": PASSWORD}}))["login"]["accessToken"]
    second = await refreshed(api, ada.refresh_token)
    third = await refreshed(api, second["refreshToken"])

    async with (
        api.subscribe("subscription { notifications { title } }", token=third["accessToken"]) as listening,
        api.subscribe("subscription { notifications { title } }", token=other) as unconcerned,
    ):
        await asyncio.sleep(0.3)
        assert (await refreshed(api, ada.refresh_token))["__typename"] == "InvalidRefreshToken"
        assert await closing_of(listening.socket) == FORBIDDEN
        assert not unconcerned.socket.closed

    for token in (ada.access_token, second["accessToken"], third["accessToken"]):
        await is_turned_away(api, token)
    assert (await refreshed(api, third["refreshToken"]))["__typename"] == "InvalidRefreshToken"
    assert await code_of(api, other) is None


async def test_logging_out_ends_the_access_token(api: Client) -> None:
    """Long before it would have expired."""
    ada = await somebody(api)
    assert await code_of(api, ada.access_token) is None

    assert (await api.data(LOGOUT, {"token": ada.refresh_token}))["logout"] is True

    await is_turned_away(api, ada.access_token)


@pytest.mark.parametrize("known", [True, False])
async def test_ten_wrong_passwords(api: Client, known: bool) -> None:
    """TooManyAttempts with retryAfter, whether there is such an account or not, and whatever address the client claims."""
    email = (await somebody(api)).email if known else f"nobody_{secrets.token_hex(5)}@example.com"
    answers = []
    for number in range(10):
        body = {"query": LOGIN, "variables": {"input": {"email": email, "password": "wrong"}}}
        claims = {"x-client-address": f"203.0.113.{number}", "x-forwarded-for": f"203.0.113.{number}"}
        async with api.http.post(f"{api.url}/graphql", json=body, headers=claims) as response:
            answers.append((await response.json())["data"]["login"])

    assert [answer["__typename"] for answer in answers] == ["InvalidCredentials"] * 5 + ["TooManyAttempts"] * 5
    assert all(0 < answer["retryAfter"] <= 15 for answer in answers[5:])


@dataclass
class Load:
    """People who sign in, refresh and ask all the time, with fresh tokens and with old ones."""

    api: Client
    served: int = 0
    refused: list[Any] = field(default_factory=list)
    kids: set[str] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        old = session = await somebody(self.api)
        while not stop.is_set():
            answer = await refreshed(self.api, session.refresh_token)
            session = SignedIn(session.email, answer["accessToken"], answer["refreshToken"])
            self.kids.add(jwt.get_unverified_header(session.access_token)["kid"])
            for token in (session.access_token, old.access_token):
                told = await self.api.execute(WALLETS, token=token)
                self.served += 1
                if "errors" in told:
                    self.refused.append(told["errors"])


async def test_a_rotation_under_load_breaks_no_request(platform: Platform, api: Client) -> None:
    """A key is published and becomes active while people ask: tokens of the old key and of the new one pass router and subgraphs."""

    async def rotated(*arguments: str) -> dict[str, Any]:
        done = await asyncio.to_thread(platform.payflow, "keys", "rotate", "--json", *arguments)
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    assert await code_of(api, (await somebody(api)).access_token) is None  # all verifiers have looked at the keys
    await asyncio.sleep(12)  # longer than a verifier waits between two looks for an unknown key
    load, stop = Load(api), asyncio.Event()
    people = [asyncio.create_task(load.run(stop)) for _ in range(3)]
    await asyncio.sleep(1)
    published = await rotated()
    assert [step["step"] for step in published["done"]] == ["PUBLISH"]
    assert (await rotated())["done"] == [], "its wait is not over"
    await asyncio.sleep(2)
    activated = await rotated("--force")
    assert [step["step"] for step in activated["done"]] == ["ACTIVATE"]
    async with asyncio.timeout(30):
        while len(load.kids) < 2:
            await asyncio.sleep(0.1)
    await asyncio.sleep(3)
    stop.set()
    await asyncio.gather(*people)

    assert load.refused == []
    assert load.served > 20
    assert load.kids == {key["kid"] for key in activated["keys"]}
    _, document = await Client(f"http://127.0.0.1:{platform.port + 101}", api.http).get("/.well-known/jwks.json")
    assert {key["kid"] for key in document["keys"]} == load.kids
