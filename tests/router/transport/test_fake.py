"""What the fake adds to the port: a script, a record of what was asked, and a clear complaint when the script ends."""

from __future__ import annotations

import orjson
import pytest

from router.errors import SubgraphFailure
from router.transport import FakeTransport, SubgraphRequest
from router.transport.body import encode_request

REQUEST = SubgraphRequest("fleet", encode_request("{ a }"))


async def test_answers_in_order_and_records_the_requests() -> None:
    """Each scripted answer serves one request; the record keeps them in order."""
    transport = FakeTransport(
        {"fleet": [{"data": {"a": 1}}, lambda request: {"data": {"a": request.payload["query"]}}]}
    )

    answers = [orjson.loads((await transport.send(REQUEST)).body)["data"] for _ in range(2)]

    assert answers == [{"a": 1}, {"a": "{ a }"}]
    assert transport.requests == [REQUEST, REQUEST]
    assert transport.requests_to("dock") == []


async def test_raises_what_is_scripted() -> None:
    """An exception in the script is raised instead of an answer."""
    transport = FakeTransport({"fleet": [SubgraphFailure("fleet", "away")]})

    with pytest.raises(SubgraphFailure, match="away"):
        await transport.send(REQUEST)


async def test_complains_when_the_script_is_over() -> None:
    """One request more than was scripted is a mistake of the test, and says which request it was."""
    transport = FakeTransport({"fleet": []})

    with pytest.raises(AssertionError, match=r"nothing is scripted for another request to fleet: { a }"):
        await transport.send(REQUEST)


async def test_counts_open_subscriptions() -> None:
    """A stream counts as open until it ends or is closed."""
    transport = FakeTransport(events={"fleet": [{"data": {"a": 1}}, {"data": {"a": 2}}]})
    events = transport.subscribe(REQUEST)

    assert (await anext(events)).data == {"a": 1}
    assert transport.open_subscriptions == 1
    assert [event.data async for event in events] == [{"a": 2}]
    assert transport.open_subscriptions == 0
    assert transport.subscriptions == [REQUEST]
