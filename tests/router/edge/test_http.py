"""GraphQL over HTTP, on a real server: methods, media types, statuses, tokens and headers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from structlog.testing import capture_logs
from yarl import URL

from router import limits
from router.edge.answers import METHODS
from router.limits import HANG_UP_WATCH_AFTER_S
from tests.router.edge.served import Served
from tests.router.security.tokens import SigningKey

GRAPHQL = {"accept": "application/graphql-response+json"}
PUBLISH = 'mutation { publish(title: "x") { id } }'
NAMED = {"x-apollo-operation-name": "Test"}  # which a page of another site could not send


def code(body: dict[str, Any]) -> str:
    found: str = body["errors"][0]["extensions"]["code"]
    return found


async def send(served: Served, method: str = "POST", **request: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, JSON body and headers of one request."""
    async with served.client.request(method, served.url, **request) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return response.status, json.loads(await response.read()), headers


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_post_answers(served: Served) -> None:
    """A POST with every parameter is answered as plain JSON."""
    body = {"query": "query A($n: Int) { posts(first: $n) { title } } query B { hello }", "operationName": "B"}
    status, answer, headers = await send(served, json=body)

    assert (status, answer) == (200, {"data": {"hello": "Hello you"}})
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["cache-control"] == "no-store"


async def test_get_answers(served: Served) -> None:
    """A GET carries its parameters in the URL, variables as JSON."""
    params = {"query": "query ($n: Int!) { posts(first: $n) { title } }", "variables": '{"n": 1}'}
    status, answer, _ = await send(served, "GET", params=params, headers=NAMED)

    assert (status, answer) == (200, {"data": {"posts": [{"title": "Hello"}]}})


async def test_the_modern_media_type_is_answered_in_kind(served: Served) -> None:
    """A client that accepts graphql-response+json gets it."""
    status, _, headers = await send(served, json={"query": "{ hello }"}, headers=GRAPHQL)

    assert status == 200
    assert headers["content-type"] == "application/graphql-response+json; charset=utf-8"


async def test_partial_data_is_200_in_both_media_types(served: Served) -> None:
    """Once an operation ran, errors do not change the status."""
    for headers in ({}, GRAPHQL):
        status, answer, _ = await send(served, json={"query": "{ hello broken }"}, headers=headers)
        assert status == 200
        assert answer["data"] == {"hello": "Hello you", "broken": None}
        assert code(answer) == "FAULT"


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($n: Int!) { posts(first: $n) { id } }"}, "BAD_USER_INPUT"),
    ],
)
async def test_a_bad_operation_is_400_or_200_by_media_type(served: Served, body: Any, expected: str) -> None:
    """The modern media type carries the status of a refusal; plain JSON says 200, as its old clients expect."""
    modern, answer, _ = await send(served, json=body, headers=GRAPHQL)
    plain, same, _ = await send(served, json=body)

    assert (modern, plain) == (400, 200)
    assert answer == same
    assert code(answer) == expected
    assert "data" not in answer


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        ({"data": b"{", "headers": {"content-type": "application/json"}}, 400, "not valid JSON"),
        ({"json": {"q": 1}}, 400, '"query" is missing'),
        ({"json": {"query": "{ hello }", "variables": 3}}, 400, '"variables" must be a JSON object'),
        ({"json": {"query": "{ hello }", "operationName": "X"}}, 400, 'no operation named "X"'),
        ({"data": {"query": "{ hello }"}, "headers": NAMED}, 415, "must be JSON"),
        ({"data": b"{ hello }", "headers": {"content-type": "application/graphql"}}, 415, "must be JSON"),
        ({"json": {"query": "{ hello }"}, "headers": {"accept": "text/html"}}, 406, "accept one of them"),
    ],
)
async def test_what_is_no_graphql_request_is_4xx(
    served: Served, request_: dict[str, Any], status: int, message: str
) -> None:
    """Whatever the media type, a malformed request gets its status and a sentence."""
    got, answer, _ = await send(served, **request_)

    assert got == status
    assert code(answer) == "BAD_REQUEST"
    assert message in answer["errors"][0]["message"]


async def test_a_mutation_by_get_is_refused_and_not_run(served: Served) -> None:
    """GET is safe: a link or an image cannot change anything."""
    status, answer, headers = await send(served, "GET", params={"query": PUBLISH}, headers=NAMED)

    assert (status, headers["allow"]) == (405, "DELETE, GET, HEAD, OPTIONS, POST, PUT")
    assert answer["errors"][0]["message"] == "A mutation cannot be sent by GET: use POST."
    assert served.blog.titles == ["Hello", "World"]


async def test_other_methods_are_refused(served: Served) -> None:
    """What is neither GET nor POST is told what is."""
    status, answer, headers = await send(served, "PATCH")
    assert (status, headers["allow"]) == (405, "DELETE, GET, HEAD, OPTIONS, POST, PUT")
    assert answer["errors"][0]["message"] == "PATCH is not a method of this address: use POST or GET."


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_too_large_is_413(served: Served, chunked: bool) -> None:
    """Announced or only counted, a body over the limit is refused."""
    body = json.dumps({"query": "{ hello }", "extensions": {"x": "y" * limits.REQUEST_BYTES_MAX}}).encode()

    async def chunks() -> Any:
        yield body

    status, answer, _ = await send(
        served, data=chunks() if chunked else body, headers={"content-type": "application/json"}
    )
    assert status == 413
    assert answer["errors"][0]["message"] == "The request body is larger than 1000000 bytes."


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_token_opens_what_it_protects(served: Served) -> None:
    """A verified token lets its bearer see protected fields; without one they are null, with an error that says so."""
    signed = {"authorization": f"Bearer {served.key.token(scope='people:email')}"}

    assert await served.post("{ me { name email } }", headers=signed) == {
        "data": {"me": {"name": "Ada", "email": "a@b.test"}}
    }
    anonymous = await served.post("{ me { name } }")
    assert anonymous["data"] == {"me": None}
    assert code(anonymous) == "UNAUTHORIZED_FIELD_OR_TYPE"


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_bad_token_refuses_the_whole_request(served: Served, accept: str) -> None:
    """An expired token is 401 even where the operation needs none: its bearer must know."""
    headers = {"authorization": f"Bearer {served.key.token(exp=1)}", "accept": accept}
    status, answer, got = await send(served, json={"query": "{ hello }"}, headers=headers)

    assert (status, got["www-authenticate"]) == (401, "Bearer")
    assert answer == {
        "errors": [
            {
                "message": "The access token has expired: sign in again or refresh it.",
                "extensions": {"code": "UNAUTHENTICATED"},
            }
        ]
    }
    assert served.blog.requests == []


async def test_a_malformed_authorization_header_is_401(served: Served) -> None:
    """A header of another scheme is not taken for anonymous."""
    status, answer, _ = await send(served, json={"query": "{ hello }"}, headers={"authorization": "Basic eDp5"})
    assert (status, code(answer)) == (401, "UNAUTHENTICATED")


async def test_without_the_issuers_keys_a_token_is_503(served: Served) -> None:
    """Nobody passes unverified, and it is not the client's fault; without a token nothing changes."""
    served.keys.down = True
    headers = {"authorization": f"Bearer {SigningKey('unread').token()}"}
    status, answer, got = await send(served, json={"query": "{ hello }"}, headers=headers)

    assert (status, got["retry-after"]) == (503, "2")
    assert code(answer) == "AUTHENTICATION_UNAVAILABLE"
    assert (await send(served, json={"query": "{ hello }"}))[0] == 200


async def test_keys_may_rotate_under_a_running_router(served: Served) -> None:
    """A token of the new key passes at once, next to one of the old."""
    old = served.key.token()
    assert (await served.post("{ me { id } }", headers={"authorization": f"Bearer {old}"}))["data"]["me"]
    new = SigningKey("k2")
    served.keys.keys.append(new)

    for token in (new.token(), old):
        assert (await served.post("{ me { id } }", headers={"authorization": f"Bearer {token}"}))["data"]["me"]


# ── headers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_token_and_request_id_reach_the_subgraphs(served: Served) -> None:
    """What is configured to go along does, and nothing else."""
    token = f"Bearer {served.key.token()}"
    sent = {"authorization": token, "x-request-id": "req-7", "cookie": "crew=ann", "x-other": "no"}
    _, _, headers = await send(served, json={"query": "{ hello }"}, headers=sent)

    assert headers["x-request-id"] == "req-7"
    [seen] = served.blog.headers
    assert (seen["authorization"], seen["x-request-id"]) == (token, "req-7")
    assert not {"cookie", "x-other"} & seen.keys()


@pytest.mark.parametrize("given", ["", "a" * 129, "a b", "a\tb"])
async def test_a_request_id_of_other_characters_is_replaced(served: Served, given: str) -> None:
    """Ids end up in logs, so an odd one is not taken over; every answer has one."""
    _, _, headers = await send(served, json={"query": "{ hello }"}, headers={"x-request-id": given})

    assert len(headers["x-request-id"]) == 32
    assert served.blog.headers[0]["x-request-id"] == headers["x-request-id"]


async def test_a_client_that_hangs_up_sets_its_operation_free(served: Served) -> None:
    """What is under way at subgraphs is cancelled, and nothing is logged as a fault."""
    with capture_logs() as logs:
        asking = asyncio.create_task(served.post("{ slow }"))
        await served.blog.slow_begun.wait()
        asking.cancel()
        async with asyncio.timeout(5):
            await served.blog.slow_cancelled.wait()

    assert not [entry for entry in logs if entry["log_level"] == "error"]
    assert (await served.post("{ hello }"))["data"] == {"hello": "Hello you"}


async def test_a_slow_answer_still_reaches_a_client_that_waits(served: Served) -> None:
    """Being listened to for its hang-up costs a client nothing."""
    asking = asyncio.create_task(served.post("{ slow }"))
    await served.blog.slow_begun.wait()
    await asyncio.sleep(2 * HANG_UP_WATCH_AFTER_S)
    served.blog.slow_goes_on.set()

    assert await asking == {"data": {"slow": "at last"}}


# ── other methods and paths ─────────────────────────────────────────────────────────────────────────────────────────


async def test_head_is_a_get_without_a_body(served: Served) -> None:
    """The same status and headers, and no mutation either."""
    async with served.client.head(served.url, params={"query": "{ hello }"}, headers=NAMED) as response:
        assert (response.status, await response.read()) == (200, b"")
        assert response.headers["content-type"] == "application/json; charset=utf-8"
    async with served.client.head(served.url, params={"query": PUBLISH}, headers=NAMED) as response:
        assert response.status == 405
    assert served.blog.titles == ["Hello", "World"]


async def test_options_says_what_can_be_done(served: Served) -> None:
    """Also where no page of another origin may do it."""
    async with served.client.options(served.url) as response:
        assert (response.status, await response.read()) == (204, b"")
        assert response.headers["allow"] == METHODS


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("POST", "/graphql/", 404, "NOT_FOUND"),
        ("GET", "//graphql", 404, "NOT_FOUND"),
        ("GET", "/explorer/../../limits.py", 404, "NOT_FOUND"),
        ("GET", "/explorer/%2e%2e%2fpage.py", 404, "NOT_FOUND"),
        ("POST", "/health", 405, "BAD_REQUEST"),
    ],
)
async def test_every_path_says_what_is_wrong_in_json(
    served: Served, method: str, path: str, status: int, expected: str
) -> None:
    """A client that reads GraphQL errors can read these too."""
    address = URL(f"http://{served.address}{path}", encoded=True)
    async with served.client.request(method, address, headers={"content-type": "application/json"}) as response:
        body = await response.json()

    assert (response.status, code(body)) == (status, expected)


async def test_an_encoded_path_is_the_same_path(served: Served) -> None:
    """Percent-encoding a letter changes nothing (RFC 3986, section 6.2.2.2)."""
    address = URL(f"http://{served.address}/%67raphql", encoded=True)
    async with served.client.post(address, json={"query": "{ hello }"}) as response:
        assert await response.json() == {"data": {"hello": "Hello you"}}


# ── traps of encodings ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query_string", "status", "said"),
    [
        ("query=%7Bhello%7D", 200, "Hello you"),
        ("query=%7B+hello+%7D&x=1;y=2", 200, "Hello you"),
        ("query=%7Bhello%7D&query=%7Bnope%7D", 400, "more than once"),
        ("query=%ff", 400, "not percent-encoded UTF-8"),
        ("query=%ed%a0%80", 400, "not percent-encoded UTF-8"),
        ("query={hello}%zz", 400, ""),
        ("query=%00", 400, ""),
        ("query=%257Bhello%257D", 400, ""),
        ("query=%7Bhello%7D&variables=%7B", 400, "in the URL is not valid JSON"),
        ("query=%7Bhello%7D&variables=[]", 400, "must be a JSON object"),
        ("&".join("a=1" for _ in range(2_000)) + "&query=%7Bhello%7D", 400, "more than once"),
    ],
)
async def test_a_query_string_means_one_thing(served: Served, query_string: str, status: int, said: str) -> None:
    """What could be read in two ways, or decoded twice, is refused."""
    address = URL(f"{served.url}?{query_string}", encoded=True)
    async with served.client.get(address, headers={**NAMED, **GRAPHQL}) as response:
        assert response.status == status
        assert said in await response.text()


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"query": "{ hello }"}',
        b'{"query": "\xed\xa0\x80"}',
        b'{"query": "{ hello }", "variables": {"a": NaN}}',
        b'{"query": "{ hello }"} {"query": "{ hello }"}',
        b'{"query": "{ hello }"',
        b'{"query": "\\ud800"}',
        b'{"query": "{ a(b: \\"\\ud800\\") }", "operationName": "\\udfff"}',
        b'{"query": "{ hello }", "operationName": "\\ud800"}',
        b"null",
        b"0",
        b"[[[[[[[[",
        b"{" * 100_000,
    ],
)
async def test_a_body_that_is_not_quite_json_is_a_400(served: Served, body: bytes) -> None:
    """Half characters, two values, marks and numbers that JSON does not have: refused, and said in valid JSON."""
    headers = {"content-type": "application/json", **GRAPHQL}
    status, answer, _ = await send(served, data=body, headers=headers)

    assert status == 400
    assert answer["errors"]


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-16", "application/json;charset=latin1"])
async def test_other_alphabets_are_415(served: Served, content_type: str) -> None:
    """JSON is UTF-8 (RFC 8259, section 8.1)."""
    status, _, headers = await send(served, data=b"{}", headers={"content-type": content_type})

    assert (status, headers["accept-post"]) == (415, "application/json")
