"""Several operations in one POST: their order, their bound, and what each of them gets."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from router.config import BatchingSettings, RouterConfig
from router.edge.batching import may_write, run_batch
from router.exchange import ClientRequest
from router.limits import BATCH_RUNNING_MAX
from tests.router.edge.served import Served


async def post(served: Served, body: Any, **headers: str) -> tuple[int, Any]:
    """Status and JSON body."""
    async with served.client.post(served.url, json=body, headers=headers) as response:
        return response.status, await response.json(content_type=None)


def publish(title: str) -> dict[str, str]:
    """A mutation."""
    return {"query": f'mutation {{ publish(title: "{title}") {{ title }} }}'}


# ── the order ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_readers_run_side_by_side_and_writers_alone() -> None:
    """A writer sees what those before it did, and those after it see what it did."""
    running: set[str] = set()
    seen: list[tuple[str, frozenset[str]]] = []

    async def run(name: str) -> str:
        running.add(name)
        await asyncio.sleep(0)
        seen.append((name, frozenset(running)))
        await asyncio.sleep(0)
        running.remove(name)
        return name.upper()

    answers = await run_batch(["a", "b", "W1", "W2", "c", "d"], run, writes=lambda name: name.startswith("W"))

    assert answers == ["A", "B", "W1", "W2", "C", "D"]
    assert dict(seen) == {
        **{name: frozenset("ab") for name in "ab"},
        "W1": frozenset({"W1"}),
        "W2": frozenset({"W2"}),
        **{name: frozenset("cd") for name in "cd"},
    }


async def test_only_so_many_run_at_one_time() -> None:
    """One client does not take every turn."""
    running = most = 0

    async def run(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    await run_batch(range(3 * BATCH_RUNNING_MAX), run, writes=lambda _: False)

    assert most == BATCH_RUNNING_MAX


@pytest.mark.parametrize(
    ("query", "expected"),
    [("{ a }", False), ("mutation { a }", True), ("query mutations { a }", True), ("", True)],
)
def test_what_may_write_is_told_on_the_safe_side(query: str, expected: bool) -> None:
    """The word alone makes an operation wait for its turn, and so does a text that is not known yet."""
    assert may_write(ClientRequest(query)) is expected


# ── over HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_batching_is_off_by_default(served: Served) -> None:
    """A list is refused with a code of its own, and nothing runs."""
    status, body = await post(served, [{"query": "{ hello }"}])

    assert status == 400
    assert body["errors"][0]["extensions"]["code"] == "BATCHING_NOT_ENABLED"
    assert served.blog.requests == []


class TestEnabled:
    """With `batching: {enabled: true, maximum: 4}`."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"batching": BatchingSettings(enabled=True, maximum=4)})

    async def test_each_operation_has_its_answer(self, served: Served) -> None:
        """In the order of the list, errors included; one that ran makes it a 200."""
        batch = [
            {"query": "{ hello }"},
            {"query": "{ nope }"},
            {"query": "query ($n: Int) { posts(first: $n) { title } }"},
        ]
        batch[2]["variables"] = {"n": 1}  # type: ignore[assignment]  # a dict of strings so far

        status, body = await post(served, batch, accept="application/graphql-response+json")

        assert status == 200
        assert body[0] == {"data": {"hello": "Hello you"}}
        assert body[1]["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert body[2] == {"data": {"posts": [{"title": "Hello"}]}}

    async def test_mutations_run_in_order(self, served: Served) -> None:
        """A query between two of them sees the first and not the second."""
        _, body = await post(served, [publish("one"), {"query": "{ posts(first: 9) { title } }"}, publish("two")])

        assert [post["title"] for post in body[1]["data"]["posts"]] == ["Hello", "World", "one"]
        assert served.blog.titles == ["Hello", "World", "one", "two"]

    async def test_a_batch_of_refusals_has_their_status(self, served: Served) -> None:
        """Where nothing ran, the gravest status tells, as far as the media type allows."""
        batch = [{"query": "{ nope }"}, {"query": "{"}]

        assert (await post(served, batch, accept="application/graphql-response+json"))[0] == 400
        assert (await post(served, batch))[0] == 200

    @pytest.mark.parametrize(
        ("batch", "code", "message"),
        [
            ([{"query": "{ hello }"}] * 5, "BATCH_LIMIT_EXCEEDED", "holds 5 operations, more than 4"),
            ([], "BAD_REQUEST", "is empty"),
            (
                [{"query": "{ hello }"}, 3],
                "BAD_REQUEST",
                "Operation 2 of the batch: A GraphQL request is a JSON object",
            ),
            ([[{"query": "{ hello }"}]], "BAD_REQUEST", "Operation 1 of the batch"),
            ([{"query": "{ hello }"}, {"q": ""}], "BAD_REQUEST", "Operation 2 of the batch"),
        ],
    )
    async def test_a_bad_batch_is_refused_whole(self, served: Served, batch: Any, code: str, message: str) -> None:
        """Before any of it runs, with a sentence that names the culprit."""
        status, body = await post(served, batch)

        assert status == 400
        [error] = body["errors"]
        assert error["extensions"]["code"] == code
        assert message in error["message"]
        assert served.blog.requests == []

    async def test_a_subscription_has_no_place_in_it(self, served: Served) -> None:
        """It alone is refused; the others are answered."""
        _, body = await post(served, [{"query": "subscription { count(to: 1) }"}, {"query": "{ hello }"}])

        assert "data" not in body[0]
        assert body[1] == {"data": {"hello": "Hello you"}}

    async def test_each_operation_is_known_by_an_id_of_its_own(self, served: Served) -> None:
        """What reaches the subgraphs can be told apart."""
        batch = [{"query": "{ hello }"}, {"query": "{ posts(first: 1) { title } }"}]
        await post(served, batch, **{"x-request-id": "req"})

        assert {headers["x-request-id"] for headers in served.blog.headers} == {"req.1", "req.2"}

    async def test_a_protected_batch_needs_a_good_token(self, served: Served) -> None:
        """A bad one refuses them all."""
        status, body = await post(served, [{"query": "{ hello }"}], authorization="Bearer nonsense")

        assert status == 401
        assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

    async def test_a_large_body_is_still_too_large(self, served: Served) -> None:
        """The bound is that of the whole body."""
        body = json.dumps([{"query": "{ hello }", "extensions": {"x": "y" * 1_000_000}}])
        async with served.client.post(served.url, data=body, headers={"content-type": "application/json"}) as response:
            assert response.status == 413
