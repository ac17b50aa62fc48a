"""What is told of the requests behind an answer, where its client asked for that."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from router.errors import SubgraphTimedOut
from router.limits import FETCHES_TOLD_MAX
from router.transport.base import SubgraphAnswer, SubgraphRequest
from router.transport.fake import FakeTransport
from router.transport.timed import TimedTransport, Timings

ROOT = SubgraphRequest("posts", b'{"query":"{ posts { id } }"}', fetch=3)
ENTITIES = SubgraphRequest(
    "people",
    msgspec.json.encode(
        {
            "query": "query($r:[_Any!]!,$s:[_Any!]!){a:_entities(representations:$r){__typename}"
            "b:_entities(representations:$s){__typename}}",
            "variables": {"r": [{"id": "1"}, {"id": "2"}], "s": [{"id": "3"}]},
        }
    ),
    fetch=4,
)


async def test_an_answer_is_told_by_its_time_and_size() -> None:
    """In milliseconds since the timings began."""
    timings = Timings()

    async def slowly(_: SubgraphRequest) -> SubgraphAnswer:
        await asyncio.sleep(0.02)
        return SubgraphAnswer(200, b"12345")

    await TimedTransport(FakeTransport({"posts": slowly}), timings).send(ROOT)
    [told] = timings.fetches

    assert (told.id, told.service_name, told.status, told.received_bytes) == ("3", "posts", 200, 5)
    assert told.sent_bytes == len(ROOT.body)
    assert told.start_ms >= 0
    assert told.duration_ms >= 20


async def test_objects_asked_about_are_counted_over_all_lists() -> None:
    """A batched request has several."""
    timings = Timings()
    await TimedTransport(FakeTransport({"people": [{"data": {}}]}), timings).send(ENTITIES)

    assert timings.fetches[0].representations == 3


async def test_what_came_to_nothing_says_why() -> None:
    """By the code of its failure, which goes on as it came; there is no status then."""
    timings = Timings()
    failing = FakeTransport({"posts": [SubgraphTimedOut("posts", "Too slow.")]})

    with pytest.raises(SubgraphTimedOut):
        await TimedTransport(failing, timings).send(ROOT)
    assert b'"code":"GATEWAY_TIMEOUT"' in msgspec.json.encode(timings.fetches)
    assert b"status" not in msgspec.json.encode(timings.fetches)


async def test_what_is_given_up_is_told_too() -> None:
    """A request that was cancelled took time until then."""
    timings = Timings()

    async def never(_: SubgraphRequest) -> SubgraphAnswer:
        await asyncio.Event().wait()
        raise AssertionError

    sending = asyncio.ensure_future(TimedTransport(FakeTransport({"posts": never}), timings).send(ROOT))
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending

    assert timings.fetches[0].code == "CANCELLED"


async def test_the_list_has_a_bound() -> None:
    """What comes after it is asked all the same, and not told."""
    timings = Timings()
    timed = TimedTransport(FakeTransport({"posts": lambda _: SubgraphAnswer(200, b"{}")}), timings)
    for _ in range(FETCHES_TOLD_MAX + 1):
        await timed.send(ROOT)

    assert len(timings.fetches) == FETCHES_TOLD_MAX
