"""Sharing answers between equal queries: who shares with whom, and that nobody's leaving or failing harms the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.transport import FakeTransport, SubgraphAnswer, SubgraphRequest
from router.transport.base import SubgraphResponse
from router.transport.dedupe import DedupingTransport

QUERY = SubgraphRequest("fleet", b'{"query":"{a}"}', {"authorization": "ann", "x-request-id": "1"}, idempotent=True)


class Held:
    """A transport whose answers are given by the test, one Future per request, as a client without Tasks has them."""

    def __init__(self) -> None:
        self.asked: list[SubgraphRequest] = []
        self.answers: list[asyncio.Future[SubgraphAnswer]] = []
        self.closed = False

    def send(self, request: SubgraphRequest) -> asyncio.Future[SubgraphAnswer]:
        self.asked.append(request)
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        yield SubgraphResponse({"n": 1})

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def held() -> Held:
    """The transport behind."""
    return Held()


def asked(transport: DedupingTransport, request: SubgraphRequest = QUERY) -> asyncio.Future[SubgraphAnswer]:
    """A request under way."""
    return asyncio.ensure_future(transport.send(request))


async def test_equal_queries_are_sent_once(held: Held) -> None:
    """All who asked get the same bytes; only the first one's request went out."""
    transport = DedupingTransport(held)
    all_asked = [asked(transport) for _ in range(5)]

    held.answers[0].set_result(SubgraphAnswer(200, b"{}"))

    assert await asyncio.gather(*all_asked) == [SubgraphAnswer(200, b"{}")] * 5
    assert held.asked == [QUERY]


@pytest.mark.parametrize(
    "other",
    [
        QUERY._replace(subgraph="dock"),
        QUERY._replace(body=b'{"query":"{b}"}'),
        QUERY._replace(headers={"authorization": "bo", "x-request-id": "1"}),
        QUERY._replace(headers={"x-request-id": "1"}),
    ],
)
async def test_other_questions_are_not_shared(held: Held, other: SubgraphRequest) -> None:
    """Another subgraph, another body, or another caller: nobody ever gets what was fetched with somebody else's rights."""
    transport = DedupingTransport(held)

    both = asked(transport), asked(transport, other)

    assert held.asked == [QUERY, other]
    for number, answer in enumerate(held.answers):
        answer.set_result(SubgraphAnswer(200, b"%d" % number))
    assert [answer.body for answer in await asyncio.gather(*both)] == [b"0", b"1"]


async def test_the_name_of_the_call_does_not_tell_questions_apart(held: Held) -> None:
    """Every request of a client has an id of its own, made up where the client sent none."""
    other = QUERY._replace(headers={**QUERY.headers, "x-request-id": "2", "traceparent": "00-1-2-01"})

    transport = DedupingTransport(held)
    asked(transport), asked(transport, other)

    assert held.asked == [QUERY]


async def test_mutations_are_never_shared(held: Held) -> None:
    """Two transfers of the same amount are two transfers."""
    transport = DedupingTransport(held)
    mutation = QUERY._replace(idempotent=False)

    asked(transport, mutation), asked(transport, mutation)

    assert held.asked == [mutation, mutation]


async def test_nothing_is_kept_once_it_is_answered(held: Held) -> None:
    """The next question goes out anew, be it asked before the first callers have run."""
    transport = DedupingTransport(held)
    first = asked(transport)
    held.answers[0].set_result(SubgraphAnswer(200, b"1"))

    second = asked(transport)
    held.answers[1].set_result(SubgraphAnswer(200, b"2"))

    assert [(await first).body, (await second).body] == [b"1", b"2"]
    assert len(transport._under_way) == 0


async def test_who_gives_up_leaves_the_others_alone(held: Held) -> None:
    """Be it the one whose request is under way."""
    transport = DedupingTransport(held)
    first, second, third = (asked(transport) for _ in range(3))

    first.cancel()
    third.cancel()

    assert not held.answers[0].cancelled()
    held.answers[0].set_result(SubgraphAnswer(200, b"{}"))
    assert await second == SubgraphAnswer(200, b"{}")
    assert first.cancelled()


async def test_a_time_out_of_one_caller_is_its_own(held: Held) -> None:
    """As is any other way in which a task that waits is cancelled."""
    transport = DedupingTransport(held)
    other = asked(transport)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await transport.send(QUERY)

    held.answers[0].set_result(SubgraphAnswer(200, b"{}"))
    assert await other == SubgraphAnswer(200, b"{}")


async def test_the_last_to_give_up_gives_the_request_up(held: Held) -> None:
    """Nobody waits, so nobody is to answer; who asks after that starts anew."""
    transport = DedupingTransport(held)
    both = asked(transport), asked(transport)
    for each in both:
        each.cancel()

    assert held.answers[0].cancelled()
    again = asked(transport)
    assert len(held.asked) == 2
    await asyncio.sleep(0)  # the end of the first must not strike off the second
    joined = asked(transport)
    assert len(held.asked) == 2
    held.answers[1].set_result(SubgraphAnswer(200, b"{}"))
    assert [answer.body for answer in await asyncio.gather(again, joined)] == [b"{}"] * 2


async def test_a_failure_goes_to_all(held: Held) -> None:
    """Each gets one of its own to raise."""
    transport = DedupingTransport(held)
    all_asked = [asked(transport) for _ in range(3)]
    failure = SubgraphFailure("fleet", 'Subgraph "fleet" cannot be reached.', "refused")

    held.answers[0].set_exception(failure)

    results: list[Any] = await asyncio.gather(*all_asked, return_exceptions=True)
    assert [(str(result), result.detail) for result in results] == [(str(failure), "refused")] * 3
    assert len({id(result) for result in results}) == 3
    assert len(transport._under_way) == 0


async def test_an_abandoned_request_that_fails_all_the_same_is_not_complained_of(held: Held) -> None:
    """A client may fail instead of being cancelled; asyncio would log an exception that nobody looked at."""
    transport = DedupingTransport(held)
    only = asked(transport)
    held.answers[0].set_exception(SubgraphFailure("fleet", "late"))
    only.cancel()
    await asyncio.sleep(0)

    assert only.cancelled()
    assert not held.answers[0]._log_traceback  # what decides about that complaint


async def test_a_request_cancelled_from_within_cancels_those_who_wait(held: Held) -> None:
    """They would wait for ever otherwise."""
    transport = DedupingTransport(held)
    only = asked(transport)

    held.answers[0].cancel()

    with pytest.raises(asyncio.CancelledError):
        await only


async def test_shares_what_a_coroutine_answers() -> None:
    """A transport may be an `async def`, which needs a task to run."""

    async def answer(_: SubgraphRequest) -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"data": {"a": 1}}

    fake = FakeTransport({"fleet": answer})
    transport = DedupingTransport(fake)

    answers = await asyncio.gather(*(transport.send(QUERY) for _ in range(10)))

    assert answers == [SubgraphAnswer(200, b'{"data":{"a":1}}')] * 10
    assert len(fake.requests) == 1


async def test_subscriptions_and_closing_go_through(held: Held) -> None:
    """It adds nothing to them."""
    transport = DedupingTransport(held)

    assert [event.data async for event in transport.subscribe(QUERY)] == [{"n": 1}]
    await transport.close()
    assert held.closed
