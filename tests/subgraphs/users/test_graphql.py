"""The users service through its real application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from unittest import mock

import orjson
import pytest
from argon2 import PasswordHasher

from payflow.kernel.db import counting_statements
from subgraphs.users import passwords, shared_throttle
from subgraphs.users.app import create_app
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Client, Keys, running

REGISTER = """
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on Session { accessToken refreshToken expiresIn user { id handle displayName email createdAt } }
    ... on Problem { message }
    ... on InvalidInput { field }
    ... on TooManyAttempts { retryAfter }
  }
}
"""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is slow on a busy machine is not away: else a process would throttle by itself, more strictly."""
    monkeypatch.setattr(shared_throttle, "REDIS_TIMEOUT_S", 20.0)


@pytest.fixture
async def client(make_settings: MakeSettings) -> AsyncIterator[Client]:
    async with running(create_app(await make_settings("users"))) as client:
        yield client


async def register(client: Client, handle: str, **others: str) -> dict[str, Any]:
    fields = {"email": f"{handle}@example.com", "password": "correct horse battery", "displayName": handle.title()}
    data = await client.data(REGISTER, {"input": {**fields, "handle": handle, **others}})
    result: dict[str, Any] = data["register"]
    return result


async def test_register_and_me(client: Client) -> None:
    """Who registers sees themself, e-mail included, at once and with the token."""
    session = await register(client, "ada")

    me = await client.data("{ me { id handle displayName email createdAt } }", token=session["accessToken"])

    assert me["me"] == session["user"]
    assert me["me"]["email"] == "ada@example.com"
    assert me["me"]["createdAt"].endswith("Z")


async def test_refusals_arrive_as_union_members(client: Client) -> None:
    """Every refusal of register and login is data, with a sentence."""
    await register(client, "ada")

    assert (await register(client, "ada2", email="ADA@example.com"))["__typename"] == "EmailTaken"
    assert (await register(client, "Ada", email="other@example.com"))["__typename"] == "HandleTaken"
    weak = await register(client, "bob", password="short")
    assert (weak["__typename"], weak["field"]) == ("InvalidInput", "password")
    wrong = await client.data(
        'mutation { login(input: {email: "ada@example.com", password: "no"}) { __typename ... on Problem { message } } }'
    )
    assert wrong["login"] == {
        "__typename": "InvalidCredentials",
        "message": "The e-mail address or the password is wrong.",
    }


async def test_others_are_found_by_handle_without_their_email(client: Client) -> None:
    """userByHandle shows a person to anybody signed in, whatever the letter case, and keeps the address to its owner."""
    ada, _ = await register(client, "ada"), await register(client, "bob")

    found = await client.data('{ userByHandle(handle: "@BOB") { handle email } }', token=ada["accessToken"])

    assert found["userByHandle"] == {"handle": "bob", "email": None}


async def test_nobody_is_turned_away(client: Client, keys: Keys) -> None:
    """Without a token, with an expired or a forged one, the answer is UNAUTHENTICATED and nothing else."""
    user_id = (await register(client, "ada"))["user"]["id"]
    expired = keys.user_token(user_id, lifetime=timedelta(minutes=-5))
    forged = keys.user_token(user_id)[:-4] + "AAAA"

    for token in (None, expired, forged, "nonsense"):
        answer = await client.execute("{ me { id } }", token=token)
        assert answer["data"] is None
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_entities_by_reference(client: Client, keys: Keys) -> None:
    """References are answered in their order, and one that names nobody is null."""
    people = [await register(client, handle) for handle in ("ada", "bob", "eve")]
    references = [{"__typename": "User", "id": person["user"]["id"]} for person in people]
    references.append({"__typename": "User", "id": "00000000-0000-7000-8000-000000000000"})
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { handle } } }"

    answer = await client.data(query, {"r": references}, token=keys.service_token("transactions"))

    assert [entity and entity["handle"] for entity in answer["_entities"]] == ["ada", "bob", "eve", None]


async def test_entities_cost_one_statement(make_settings: MakeSettings) -> None:
    """However many references, the loader asks the database once."""
    from payflow.kernel.db import Database
    from payflow.kernel.tokens import Principal
    from subgraphs.users.context import Context
    from subgraphs.users.loaders import make_loaders
    from subgraphs.users.schema import schema

    database = Database((await make_settings("users")).database_url("users"))
    context = Context(
        principal=Principal("user", "me"),
        network="unknown",
        database=database,
        loaders=make_loaders(database),
        users=mock.sentinel.unused,
    )
    references = [{"__typename": "User", "handle": f"person_{number}"} for number in range(50)]
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"

    async with counting_statements(database.engine) as statements:
        await schema.execute(query, {"r": references}, context_value=context)

    assert len([statement for statement in statements if "FROM users" in statement]) == 1
    await database.close()


async def test_the_key_set_is_public_and_verifies_tokens(client: Client) -> None:
    """/.well-known/jwks.json publishes exactly the public half of the signing key."""
    status, document = await client.get("/.well-known/jwks.json")

    assert status == 200
    assert [set(key) for key in document["keys"]] == [{"crv", "kty", "x", "kid", "alg", "use"}]


async def test_faults_are_masked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault reaches the client as one sentence with a code, and tells nothing of its cause."""
    from subgraphs.users import store

    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(store, "credentials_by_email", broken)
    answer = await client.execute('mutation { login(input: {email: "a@b.cd", password: "x"}) { __typename } }')

    assert "secret" not in str(answer)
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_health(client: Client) -> None:
    """Liveness and readiness answer 200 while the database does."""
    assert (await client.get("/health"))[0] == 200
    assert (await client.get("/ready"))[0] == 200


LOGIN = """
mutation ($email: String!, $password: String!) {
  login(input: {email: $email, password: $password}) {
    __typename
    ... on Session { refreshToken user { handle email } }
    ... on Problem { message }
    ... on TooManyAttempts { retryAfter }
  }
}
"""
REFRESH = """
mutation ($token: String!) {
  refreshSession(refreshToken: $token) {
    __typename
    ... on Session { accessToken refreshToken expiresIn user { handle email } }
    ... on Problem { message }
  }
}
"""
LOGOUT = "mutation ($token: String!) { logout(refreshToken: $token) }"


async def refresh(client: Client, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.data(REFRESH, {"token": token}))["refreshSession"]
    return answer


async def test_a_session_is_refreshed_and_ended(client: Client) -> None:
    """refreshSession needs no access token and answers a whole Session; logout ends it, and says whether there was one."""
    session = await register(client, "ada")

    second = await refresh(client, session["refreshToken"])
    assert second["__typename"] == "Session"
    assert second["user"] == {"handle": "ada", "email": "ada@example.com"}
    assert (await client.data("{ me { handle } }", token=second["accessToken"]))["me"] == {"handle": "ada"}

    assert (await client.data(LOGOUT, {"token": second["refreshToken"]}))["logout"] is True
    assert (await client.data(LOGOUT, {"token": second["refreshToken"]}))["logout"] is False
    assert await refresh(client, second["refreshToken"]) == {
        "__typename": "InvalidRefreshToken",
        "message": "This refresh token does not count any more; log in again.",
    }


async def test_a_token_that_is_shown_twice_ends_the_session(client: Client) -> None:
    """Once its successor has been used, the old token is somebody else's, and both are worth nothing."""
    first = await register(client, "ada")
    second = await refresh(client, first["refreshToken"])
    third = await refresh(client, second["refreshToken"])

    for token in (first, second, third):
        assert (await refresh(client, token["refreshToken"]))["__typename"] == "InvalidRefreshToken"


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
async def test_ten_wrong_passwords(make_settings: MakeSettings, redis_url: str, email: str) -> None:
    """The tenth is answered TooManyAttempts with retryAfter, for a known and an unknown address alike, by every process."""
    settings = await make_settings("users", redis_url=redis_url)
    async with running(create_app(settings)) as client, running(create_app(settings)) as another:
        await register(client, "ada")
        answers = [(await client.data(LOGIN, {"email": email, "password": "wrong"}))["login"] for _ in range(10)]
        elsewhere = (await another.data(LOGIN, {"email": email, "password": "correct horse battery"}))["login"]

    assert [answer["__typename"] for answer in answers] == ["InvalidCredentials"] * 5 + ["TooManyAttempts"] * 5
    assert elsewhere["__typename"] == "TooManyAttempts"
    assert 1 <= elsewhere["retryAfter"] <= 15
    assert elsewhere["message"] == f"Too many attempts to log in failed; try again in {elsewhere['retryAfter']} s."


async def test_too_many_accounts_from_one_place(make_settings: MakeSettings, redis_url: str) -> None:
    """As many as the setting says, by every process; then TooManyAttempts with retryAfter."""
    settings = await make_settings("users", redis_url=redis_url, registrations_per_hour=2)
    async with running(create_app(settings)) as client, running(create_app(settings)) as another:
        made = [(await register(each, handle))["__typename"] for each, handle in ((client, "ada"), (another, "bob"))]
        refused = [await register(each, "eve") for each in (client, another)]

    assert made == ["Session", "Session"]
    for answer in refused:
        assert answer["__typename"] == "TooManyAttempts"
        assert 1 <= answer["retryAfter"] <= 15
        assert answer["message"].startswith("Too many accounts have been made from where you are; try again in ")


async def test_who_calls_past_the_router_cannot_choose_an_address(
    make_settings: MakeSettings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header that a router sets counts from a router only: other callers are one network, whatever they send."""
    monkeypatch.setattr(
        passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )  # a hundred guesses
    believed = await make_settings("users", redis_url=redis_url)
    stranger = believed.model_copy(update={"router_networks": ""})

    async def failures(client: Client) -> list[str]:
        outcomes = []
        for number in range(52):
            body = {"query": LOGIN, "variables": {"email": f"p{number}@example.com", "password": "x"}}
            headers = {"x-client-address": f"203.0.113.{number}"}
            async with client.http.post(f"{client.url}/graphql", json=body, headers=headers) as response:
                outcomes.append((await response.json())["data"]["login"]["__typename"])
        return outcomes

    async with running(create_app(believed)) as behind_a_router, running(create_app(stranger)) as past_it:
        assert (await failures(past_it)).count("TooManyAttempts") == 2
        assert (await failures(behind_a_router)).count("TooManyAttempts") == 0


async def test_events_are_published(make_settings: MakeSettings, kafka_bootstrap: str) -> None:
    """user.registered.v1 and session.revoked.v1 reach the broker, in order, under the user's id."""
    import asyncio

    from aiokafka import AIOKafkaConsumer

    settings = await make_settings("users", kafka_bootstrap_servers=kafka_bootstrap, kafka_enable_idempotence=False)
    async with running(create_app(settings)) as client:
        session = await register(client, "ada")
        await client.data(LOGOUT, {"token": session["refreshToken"]})
        consumer = AIOKafkaConsumer("users.v1", bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest")
        found: list[str] = []
        await consumer.start()
        try:
            async with asyncio.timeout(30):
                while len(found) < 2:
                    message = await consumer.getone()
                    if message.key == session["user"]["id"].encode():
                        found.append(orjson.loads(message.value)["type"])
        finally:
            await consumer.stop()

    assert found == ["user.registered.v1", "session.revoked.v1"]
