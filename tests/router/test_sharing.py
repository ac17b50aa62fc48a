"""Work that several callers want at one time: done once, given to all, and given up only when nobody wants it any more."""

from __future__ import annotations

import asyncio

import pytest

from router.sharing import Sharing


class Work:
    """Something slow that counts how often it is done."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = False
        self.go_on = asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return f"outcome {self.begun}"


async def test_equal_work_is_done_once_while_it_is_under_way() -> None:
    """All who ask meanwhile get the one outcome; who asks afterwards starts anew."""
    sharing: Sharing[str, str] = Sharing()
    work = Work()
    waiting = [asyncio.ensure_future(sharing.join("key", work)) for _ in range(3)]
    other = asyncio.ensure_future(sharing.join("other", work))
    await asyncio.sleep(0)
    assert len(sharing) == 2
    work.go_on.set()

    assert await asyncio.gather(*waiting) == ["outcome 2"] * 3
    assert await other == "outcome 2"
    assert len(sharing) == 0
    assert await sharing.join("key", work) == "outcome 3"


async def test_one_who_gives_up_leaves_the_others_alone() -> None:
    """The first asker may go; when the last one has gone the work is cancelled, and nobody can join it."""
    sharing: Sharing[str, str] = Sharing()
    work = Work()
    first, second = (asyncio.ensure_future(sharing.join("key", work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    assert not work.cancelled
    second.cancel()
    await asyncio.sleep(0)
    assert len(sharing) == 0
    await asyncio.sleep(0)

    assert work.cancelled
    assert first.cancelled()
    assert second.cancelled()


async def test_a_failure_is_everybodys_own() -> None:
    """Each gets an exception object that nobody else raises."""

    async def fail() -> str:
        await asyncio.sleep(0)
        raise LookupError("gone")

    sharing: Sharing[str, str] = Sharing(lambda error: LookupError(*error.args))
    outcomes = await asyncio.gather(*(sharing.join("key", fail) for _ in range(2)), return_exceptions=True)

    assert [str(outcome) for outcome in outcomes] == ["gone", "gone"]
    assert outcomes[0] is not outcomes[1]


async def test_work_that_is_cancelled_from_within_cancels_all() -> None:
    """Nobody waits for ever for what will not come."""
    sharing: Sharing[str, str] = Sharing()
    inner: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    waiting = [asyncio.ensure_future(sharing.join("key", lambda: inner)) for _ in range(2)]
    await asyncio.sleep(0)
    inner.cancel()

    for each in waiting:
        with pytest.raises(asyncio.CancelledError):
            await each


async def test_work_is_shared_by_those_who_have_as_much_time() -> None:
    """Give or take the slack; somebody with less or more begins anew, and is who others join then."""
    sharing: Sharing[str, str] = Sharing(slack_s=1.0)
    work = Work()
    waiting = [
        asyncio.ensure_future(sharing.join("key", work, until=until)) for until in (10.0, 11.0, 12.5, 13.0, None)
    ]
    await asyncio.sleep(0)
    assert work.begun == 2
    work.go_on.set()

    assert await asyncio.gather(*waiting) == ["outcome 2"] * 5
    assert len(sharing) == 0


async def test_who_begins_and_who_joins_is_told() -> None:
    """One after another."""
    told: list[str] = []
    sharing: Sharing[str, str] = Sharing(led=lambda: told.append("led"), joined=lambda: told.append("joined"))
    work = Work()
    work.go_on.set()

    await asyncio.gather(*(sharing.join("key", work) for _ in range(3)))
    await sharing.join("key", work)

    assert told == ["led", "joined", "joined", "led"]
