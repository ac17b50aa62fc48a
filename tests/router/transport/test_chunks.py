"""Requests for many entities go out in pieces, and what comes back looks as if it had been asked at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.transport import SubgraphAnswer, SubgraphRequest
from router.transport.body import encode_request
from router.transport.chunks import ChunkingTransport

QUERY = "query($representations:[_Any!]!,$n:Int){_entities(representations:$representations){...on T{a(n:$n)}}}"
TWO = (
    "query($r0:[_Any!]!,$r1:[_Any!]!){_e0:_entities(representations:$r0){...on T{a}}"
    "_e1:_entities(representations:$r1){...on T{b}}}"
)


def representations(count: int) -> list[dict[str, Any]]:
    return [{"__typename": "T", "id": f"number {index}"} for index in range(count)]


def entities(payload: dict[str, Any]) -> dict[str, Any]:
    """An honest subgraph: each entity tells its id."""
    if "$r0" in payload["query"]:
        lists = {"_e0": payload["variables"]["r0"], "_e1": payload["variables"]["r1"]}
    else:
        lists = {"_entities": payload["variables"]["representations"]}
    return {"data": {key: [{"id": item["id"]} for item in items] for key, items in lists.items()}}


class Subgraph:
    """Answers with `answer`, and remembers what it was asked."""

    def __init__(self, answer: Callable[[dict[str, Any]], dict[str, Any] | SubgraphFailure] = entities) -> None:
        self._answer = answer
        self.asked: list[dict[str, Any]] = []

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.asked.append(request.payload)
        answer = self._answer(request.payload)
        if isinstance(answer, SubgraphFailure):
            raise answer
        return SubgraphAnswer(200, json.dumps(answer).encode())

    def subscribe(self, request: SubgraphRequest) -> Any:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing to close."""


async def ask(subgraph: Subgraph, query: str, most: int = 3, **variables: Any) -> dict[str, Any]:
    request = SubgraphRequest("s", encode_request(query, "Op", variables), {"h": "1"}, idempotent=True)
    answered: dict[str, Any] = json.loads((await ChunkingTransport(subgraph, most).send(request)).body)
    return answered


@pytest.mark.parametrize(("count", "pieces"), [(1, [1]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1]), (9, [3, 3, 3])])
async def test_entities_come_in_the_order_they_were_asked_for(count: int, pieces: list[int]) -> None:
    """Each piece is within the bound and carries the other variables and the operation's name."""
    subgraph = Subgraph()
    answered = await ask(subgraph, QUERY, representations=representations(count), n=5)
    assert answered == {"data": {"_entities": [{"id": f"number {index}"} for index in range(count)]}}
    assert [len(asked["variables"]["representations"]) for asked in subgraph.asked] == pieces
    assert {(asked["operationName"], asked["variables"]["n"]) for asked in subgraph.asked} == {("Op", 5)}


async def test_several_lists_are_split_side_by_side() -> None:
    """A shorter list is empty in the later pieces, and every key gets its own entities."""
    subgraph = Subgraph()
    answered = await ask(subgraph, TWO, r0=representations(5), r1=representations(2))
    assert [len(answered["data"][key]) for key in ("_e0", "_e1")] == [5, 2]
    assert [(len(a["variables"]["r0"]), len(a["variables"]["r1"])) for a in subgraph.asked] == [(3, 2), (2, 0)]


async def test_errors_stand_at_the_entity_that_they_are_about() -> None:
    """The index in a path is moved to the whole list; an error without a path stays as it is."""

    def complaining(payload: dict[str, Any]) -> dict[str, Any]:
        path = ["_entities", 0, "a"]
        return {**entities(payload), "errors": [{"message": "at", "path": path}, {"message": "somewhere"}]}

    answered = await ask(Subgraph(complaining), QUERY, representations=representations(4))
    assert [error.get("path") for error in answered["errors"]] == [
        ["_entities", 0, "a"],
        None,
        ["_entities", 3, "a"],
        None,
    ]


async def test_a_piece_that_fails_costs_its_own_entities() -> None:
    """They are null and one error says why."""

    def failing(payload: dict[str, Any]) -> dict[str, Any] | SubgraphFailure:
        first = payload["variables"]["representations"][0]["id"]
        return SubgraphFailure("s", "Down.") if first == "number 3" else entities(payload)

    answered = await ask(Subgraph(failing), QUERY, representations=representations(8))
    assert [entity and entity["id"][-1] for entity in answered["data"]["_entities"]] == [
        "0",
        "1",
        "2",
        *[None] * 3,
        "6",
        "7",
    ]
    assert answered["errors"] == [{"message": "Down.", "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR"}}]


async def test_where_all_pieces_fail_the_request_does() -> None:
    """As it would have without pieces."""
    with pytest.raises(SubgraphFailure, match="Down"):
        await ask(Subgraph(lambda _: SubgraphFailure("s", "Down.")), QUERY, representations=representations(8))


@pytest.mark.parametrize("data", [None, {}, {"_entities": None}, {"_entities": [{"id": "1"}]}, {"_entities": 5}])
async def test_a_miscount_without_an_error_spoils_the_list(data: Any) -> None:
    """Nobody can say which entity is which, so the executor is given none."""
    answered = await ask(Subgraph(lambda _: {"data": data}), QUERY, representations=representations(7))
    assert answered == {"data": {"_entities": None}}


async def test_a_miscount_with_an_error_is_that_error() -> None:
    """What the subgraph says is told, and the entities of that piece are null."""
    broken = {"data": None, "errors": [{"message": "no"}]}
    answered = await ask(Subgraph(lambda _: broken), QUERY, representations=representations(4))
    assert answered == {"data": {"_entities": [None] * 4}, "errors": [{"message": "no"}] * 2}


async def test_numbers_stay_as_they_were_written() -> None:
    """No digit is lost on the way in or out."""

    class Exact(Subgraph):
        async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
            assert b"12345678901234567890.10" in request.body
            return SubgraphAnswer(200, b'{"data":{"_entities":[{"a":1.00}]}}')

    body = encode_request(QUERY, None, {"representations": representations(2)}).replace(
        b'"number 0"', b"12345678901234567890.10"
    ).replace(b'"number 1"', b"12345678901234567890.10")  # fmt: skip
    answer = await ChunkingTransport(Exact(), 1).send(SubgraphRequest("s", body, idempotent=True))
    assert answer.body == b'{"data":{"_entities":[{"a":1.00},{"a":1.00}]}}'


@pytest.mark.parametrize("text", ["{ a }", 'mutation { say(text: "_entities") }'])
async def test_what_asks_for_no_entities_goes_as_it_is(text: str) -> None:
    """However long it is."""
    subgraph = Subgraph(lambda _: {"data": {"a": 1}})
    assert await ask(subgraph, text, most=1, long="x" * 100) == {"data": {"a": 1}}
    assert len(subgraph.asked) == 1
