"""Trying again: what is tried, after what pause, how often, and when the budget or the time is used up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from router.config.traffic import RetrySettings
from router.errors import OutOfTime, SubgraphFailure, SubgraphTimedOut, SubgraphUnreachable
from router.limits import RETRY_BUDGET_WINDOW_S
from router.telemetry import Telemetry
from router.transport import FakeTransport, SubgraphAnswer, SubgraphRequest
from router.transport.retry import RetryBudget, RetryingTransport
from router.transport.retry_after import retry_after

QUERY = SubgraphRequest("fleet", b"{}", idempotent=True)
MUTATION = QUERY._replace(idempotent=False)
GOOD = SubgraphAnswer(200, b'{"data":{}}')
BUSY = SubgraphAnswer(503, b"")
GONE = SubgraphUnreachable("fleet", "gone")
SLOW = SubgraphTimedOut("fleet", "slow")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Tries:
    """A subgraph that answers from a list, and the pauses between its requests."""

    def __init__(self, *answers: SubgraphAnswer | Exception, dice: float = 0.5, **settings: Any) -> None:
        self.telemetry = Telemetry()
        self.inner = FakeTransport({"fleet": list(answers)})
        self.pauses: list[float] = []
        self.transport = RetryingTransport(
            self.inner,
            {"fleet": RetrySettings(**settings)},
            self.telemetry.subgraphs,
            dice=lambda: dice,
            sleep=self._sleep,
        )

    @property
    def count(self) -> int:
        return len(self.inner.requests)

    async def send(self, request: SubgraphRequest = QUERY) -> SubgraphAnswer | SubgraphFailure:
        try:
            return await self.transport.send(request)
        except SubgraphFailure as failure:
            return failure

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


# ── what is tried again ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", [GONE, SLOW, BUSY, SubgraphAnswer(502, b""), SubgraphAnswer(429, b"")])
async def test_a_query_that_failed_is_sent_again(first: SubgraphAnswer | Exception) -> None:
    """No connection, no answer in time, or a status that may be over soon."""
    tries = Tries(first, GOOD)

    assert await tries.send() == GOOD
    assert tries.count == 2


@pytest.mark.parametrize(
    "first",
    [
        GOOD,
        SubgraphAnswer(500, b""),
        SubgraphAnswer(400, b""),
        SubgraphFailure("fleet", "no GraphQL"),
        OutOfTime("fleet", "late"),
    ],
)
async def test_what_another_try_would_not_mend_is_not(first: SubgraphAnswer | SubgraphFailure) -> None:
    """An answer, a fault of the request or of ours, and time that is over."""
    tries = Tries(first)

    assert await tries.send() == first
    assert tries.count == 1


@pytest.mark.parametrize("failure", [GONE, SLOW, BUSY])
async def test_a_mutation_is_sent_once(failure: SubgraphAnswer | SubgraphFailure) -> None:
    """Nobody knows whether it took effect."""
    tries = Tries(failure)

    assert await tries.send(MUTATION) == failure
    assert tries.count == 1


async def test_what_is_tried_again_can_be_set() -> None:
    """Other statuses, and slow answers or not."""
    assert await Tries(BUSY, statuses=()).send() == BUSY
    assert await Tries(SubgraphAnswer(500, b""), GOOD, statuses=(500,)).send() == GOOD
    assert await Tries(SLOW, on_timeout=False).send() == SLOW


async def test_subgraphs_without_settings_are_asked_once() -> None:
    """And so are those whose settings say one attempt."""
    transport = RetryingTransport(FakeTransport({"fleet": [GONE]}), {"fleet": RetrySettings(attempts=1)})

    with pytest.raises(SubgraphUnreachable):
        await transport.send(QUERY)


# ── how often, and after what pause ─────────────────────────────────────────────────────────────────────────────────


async def test_the_last_outcome_is_the_answer() -> None:
    """After as many tries as there are attempts, be it an answer or a failure."""
    tries = Tries(GONE, GONE, GONE, attempts=3)
    assert await tries.send() == GONE
    assert tries.count == 3

    assert await Tries(GONE, BUSY, attempts=2).send() == BUSY


async def test_pauses_grow_to_a_bound() -> None:
    """Each is drawn from nothing up to twice the one before."""
    tries = Tries(*[GONE] * 6, attempts=6, first_s=0.1, pause_max_s=0.5, dice=1.0)
    await tries.send()
    assert tries.pauses == pytest.approx([0.1, 0.2, 0.4, 0.5, 0.5])

    tries = Tries(*[GONE] * 3, attempts=3, dice=0.0)
    await tries.send()
    assert tries.pauses == [0.0, 0.0]


async def test_no_try_begins_after_the_deadline() -> None:
    """Where the pause would last until then, there is none."""
    now = asyncio.get_running_loop().time()
    tries = Tries(GONE, GOOD, first_s=5.0, pause_max_s=5.0, dice=1.0)

    assert await tries.send(QUERY._replace(deadline=now + 4.0)) == GONE
    assert await tries.send(QUERY._replace(deadline=now + 60.0)) == GOOD


async def test_giving_up_ends_the_tries() -> None:
    """A request that is cancelled in a pause sends nothing more."""
    paused = asyncio.Event()

    async def sleep(_: float) -> None:
        paused.set()
        await asyncio.Event().wait()

    inner = FakeTransport({"fleet": [GONE]})
    running = asyncio.ensure_future(RetryingTransport(inner, {"fleet": RetrySettings()}, sleep=sleep).send(QUERY))
    await paused.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert len(inner.requests) == 1


# ── retry-after ─────────────────────────────────────────────────────────────────────────────────────────────────────


def asking(said: str, status: int = 429) -> SubgraphAnswer:
    return SubgraphAnswer(status, b"", ((b"retry-after", said.encode()),))


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (asking("3"), 3.0),
        (asking(" 3 ", 503), 3.0),
        (asking(format_datetime(NOW + timedelta(seconds=7), usegmt=True)), 7.0),
        (asking(format_datetime(NOW - timedelta(seconds=7), usegmt=True)), 0.0),
        (asking("soon"), None),
        (asking("-1"), None),
        (asking("Sun, 01 Mar 2026 12:00:07"), None),
        (asking("3", 301), None),
        (SubgraphAnswer(429, b""), None),
    ],
)
def test_retry_after_is_read(answer: SubgraphAnswer, seconds: float | None) -> None:
    """Seconds or a date, with the statuses that it belongs to."""
    assert retry_after(answer, NOW) == seconds


async def test_a_subgraph_says_when_to_come_back() -> None:
    """It is obeyed, with a little jitter; where it asks for too long, nothing is sent again."""
    tries = Tries(asking("1"), GOOD, first_s=0.2, dice=0.5)
    assert await tries.send() == GOOD
    assert tries.pauses == pytest.approx([1.1])

    tries = Tries(asking("60"))
    assert await tries.send() == asking("60")
    assert tries.count == 1


# ── the budget ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_budget_is_a_share_of_the_requests() -> None:
    """Besides so many a second; what is long past counts for neither."""
    budget = RetryBudget(RetrySettings(budget_ratio=0.2, budget_per_s=0))
    assert not budget.withdraw(100.0)
    for _ in range(10):
        budget.deposit(100.0)
    assert [budget.withdraw(100.0) for _ in range(4)] == [True, True, False, False]
    assert not budget.withdraw(100.0 + 2 * RETRY_BUDGET_WINDOW_S)

    budget = RetryBudget(RetrySettings(budget_ratio=0, budget_per_s=0.3))
    assert [budget.withdraw(100.0) for _ in range(4)] == [True, True, True, False]
    assert budget.withdraw(100.0 + RETRY_BUDGET_WINDOW_S)


async def test_tries_stay_within_the_budget() -> None:
    """A subgraph that is down for long is asked a fifth more, not three times as much; and the metrics tell."""
    tries = Tries(*[GONE] * 500, budget_ratio=0.2, budget_per_s=0)
    for _ in range(100):
        await tries.send()

    assert tries.count == 120
    metrics = tries.telemetry.render().decode()
    assert 'router_subgraph_retries_total{reason="unreachable",subgraph="fleet"} 20.0' in metrics
    assert 'router_subgraph_retries_withheld_total{subgraph="fleet"}' in metrics
