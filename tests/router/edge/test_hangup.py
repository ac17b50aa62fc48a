"""Requests whose clients go away, seen by one timer for all of them."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive

from router.edge import hangup
from router.edge.hangup import HangUpWatch, HungUp
from router.errors import RequestTimedOut

AFTER_S = 0.02


@pytest.fixture(autouse=True)
def watched_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that take longer than a moment are watched, and late ones given up at once."""
    monkeypatch.setattr(hangup, "HANG_UP_WATCH_AFTER_S", AFTER_S)
    monkeypatch.setattr(hangup, "REQUEST_OVERTIME_S", 0)


async def test_who_comes_while_others_are_waited_for_is_watched_too() -> None:
    """One that began when the timer was running already, and one that began when nothing ran."""
    watch = HangUpWatch()
    first = asyncio.create_task(watch.while_connected(_forever(), _leaving(), None))
    await asyncio.sleep(AFTER_S / 2)
    second = asyncio.create_task(watch.while_connected(_forever(), _leaving(), None))
    for request in (first, second):
        with pytest.raises(HungUp):
            await asyncio.wait_for(request, 5)
    with pytest.raises(HungUp):
        await asyncio.wait_for(watch.while_connected(_forever(), _leaving(), None), 5)


async def test_an_answer_that_is_out_soon_is_never_listened_for() -> None:
    """Not even where others are, which began before and after."""
    watch, heard = HangUpWatch(), asyncio.Event()

    async def receive() -> Message:
        heard.set()
        return {"type": "http.disconnect"}

    slow = asyncio.create_task(watch.while_connected(_forever(), _leaving(), None))
    assert await watch.while_connected(_soon("answer"), receive, None) == "answer"
    with pytest.raises(HungUp):
        await asyncio.wait_for(slow, 5)
    await asyncio.sleep(2 * AFTER_S)
    assert not heard.is_set()


async def test_each_request_has_its_own_deadline() -> None:
    """What is late is given up, whatever others take."""
    watch, loop = HangUpWatch(), asyncio.get_running_loop()
    patient = asyncio.create_task(watch.while_connected(_soon("answer", 4 * AFTER_S), _staying(), None))
    with pytest.raises(RequestTimedOut):
        await asyncio.wait_for(watch.while_connected(_forever(), _staying(), loop.time() + AFTER_S), 5)
    assert await asyncio.wait_for(patient, 5) == "answer"


async def _forever() -> str:
    await asyncio.Event().wait()
    return "never"


async def _soon(answer: str, seconds: float = 0) -> str:
    await asyncio.sleep(seconds)
    return answer


def _leaving() -> Receive:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    return receive


def _staying() -> Receive:
    async def receive() -> Message:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive
