"""What the benchmark of events goes by: percentiles, the hop a hint belongs to, and screens that show everything once."""

from __future__ import annotations

import orjson
import pytest

from benchmarks.events.bystander import Bystander
from benchmarks.events.delays import Spread
from benchmarks.events.screens import NotShown, Screens


def said(number: int, **others: object) -> bytes:
    notification = {
        "id": f"n{number}",
        "kind": "TRANSFER_SENT",
        "happenedAt": "2026-11-23T10:00:00.250000Z",
        "createdAt": "2026-11-23T10:00:00.300000Z",
        "transfer": {"id": f"t{number}"},
        "reward": None,
        **others,
    }
    return orjson.dumps({"type": "next", "payload": {"data": {"notifications": notification}}})


def test_the_spread_of_delays() -> None:
    """In milliseconds: what half, and ninety-nine of a hundred, stayed below."""
    spread = Spread.of([number / 1000 for number in range(1000, 0, -1)])

    assert (round(spread.p50), round(spread.p99)) == (501, 991)


def test_a_hint_belongs_to_what_was_written_before_it() -> None:
    """The first one since then is the one that tells of it."""
    bystander = Bystander()
    for at in (10.0, 20.0, 30.0):
        bystander.note_hint("notifications:ada", at)

    assert bystander.hinted_at("notifications:ada", since=10.5) == 20.0
    assert bystander.hinted_at("notifications:ada", since=30.5) is None
    assert bystander.hinted_at("notifications:bob", since=0.0) is None


def test_a_screen_shows_each_notification_once() -> None:
    """What is about a reward goes by the reward; a repeat and an error end the measuring."""
    screens = Screens()
    screens.show(0, said(1))
    screens.show(1, said(1))
    screens.show(0, said(2, kind="REWARD_ISSUED", reward={"id": "r2"}))

    assert [(one.reader, one.subject) for one in screens.shown] == [(0, "t1"), (1, "t1"), (0, "r2")]
    assert screens.shown[0].created_at - screens.shown[0].happened_at == pytest.approx(0.05)
    with pytest.raises(NotShown, match="twice"):
        screens.show(0, said(1))
    with pytest.raises(NotShown, match="instead"):
        screens.show(0, orjson.dumps({"type": "complete", "id": "1"}))


async def test_screens_that_lack_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no figures where a notification is missing."""
    monkeypatch.setattr("benchmarks.events.screens.PATIENCE_S", 0.1)
    screens = Screens()
    screens.show(0, said(1))

    await screens.have(1)
    with pytest.raises(NotShown, match="1 of 2"):
        await screens.have(2)
