"""Circuit breakers: when one opens, what it lets through on trial, and what says nothing of a subgraph."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from router.config.traffic import BreakerSettings
from router.errors import CircuitOpen, OutOfTime, SubgraphFailure, SubgraphTimedOut, SubgraphUnreachable
from router.telemetry import Telemetry
from router.transport import FakeTransport, SubgraphAnswer, SubgraphRequest
from router.transport.breaker import Breaker, BreakingTransport, Circuits

SETTINGS = BreakerSettings(error_ratio=0.5, requests_min=4, window_s=10, open_s=5, probes=2)
ASK = SubgraphRequest("fleet", b"{}")
GOOD = SubgraphAnswer(200, b'{"data":{}}')


@pytest.fixture
def breaker() -> Breaker:
    """One circuit, closed."""
    return Breaker(SETTINGS)


def state(breaker: Breaker) -> str:
    """Its state, for a checker that would remember the last one."""
    return breaker.state


def run(breaker: Breaker, *failed: bool | None, now: float = 100.0) -> None:
    """Requests one after another, that fail or not."""
    for each in failed:
        assert breaker.admits(now)
        breaker.settle(breaker.turn, now, failed=each)


def opened(breaker: Breaker, now: float = 100.0) -> None:
    """Fail as often as it takes."""
    run(breaker, True, True, True, True, now=now)
    assert state(breaker) == "open"


# ── closed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_opens_at_its_ratio(breaker: Breaker) -> None:
    """Half of enough requests: not with fewer requests, nor with a smaller share."""
    run(breaker, True, True, True)
    assert state(breaker) == "closed"
    run(breaker, False)
    assert state(breaker) == "closed", "the last one did not fail"
    run(breaker, True)
    assert state(breaker) == "open"


def test_a_smaller_share_leaves_it_closed(breaker: Breaker) -> None:
    """Ten of thirty are no half."""
    run(breaker, *[False, False, True] * 10)
    assert state(breaker) == "closed"


def test_what_is_long_past_does_not_count(breaker: Breaker) -> None:
    """Failures of before the window are forgotten."""
    run(breaker, True, True, True, now=100)
    run(breaker, True, now=111)
    assert state(breaker) == "closed"


def test_what_was_given_up_does_not_count(breaker: Breaker) -> None:
    """Neither as failed nor as answered."""
    run(breaker, *[None] * 50)
    run(breaker, True, True, True)
    assert state(breaker) == "closed"


# ── open, and half open ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_open_one_lets_nothing_through_until_its_time(breaker: Breaker) -> None:
    """Then so many as there are probes, and no more until these are settled."""
    opened(breaker)

    assert not breaker.admits(104.9)
    assert [breaker.admits(105.0) for _ in range(4)] == [True, True, False, False]
    assert state(breaker) == "half_open"


def test_probes_that_succeed_close_it(breaker: Breaker) -> None:
    """All of them; what failed before is forgotten then."""
    opened(breaker)
    run(breaker, False, now=105)
    assert state(breaker) == "half_open"
    run(breaker, False, now=105)
    assert state(breaker) == "closed"
    run(breaker, True, True, True, now=105)
    assert state(breaker) == "closed"


def test_a_probe_that_fails_opens_it_again(breaker: Breaker) -> None:
    """For as long as before."""
    opened(breaker)
    run(breaker, False, True, now=105)

    assert state(breaker) == "open"
    assert not breaker.admits(109.9)
    assert breaker.admits(110.0)


def test_a_probe_that_is_given_up_makes_room_for_another(breaker: Breaker) -> None:
    """Or a client that hangs up would keep it half open for ever."""
    opened(breaker)
    run(breaker, None, None, None, False, False, now=105)

    assert state(breaker) == "closed"


def test_what_was_asked_before_a_change_is_no_probe(breaker: Breaker) -> None:
    """A slow request of better times neither closes it nor opens it."""
    before = breaker.turn
    opened(breaker)
    assert breaker.admits(105.0)

    breaker.settle(before, 105.0, failed=False)
    breaker.settle(before, 105.0, failed=False)
    breaker.settle(before, 105.0, failed=True)

    assert state(breaker) == "half_open"


# ── as a transport ──────────────────────────────────────────────────────────────────────────────────────────────────


async def outcomes(transport: BreakingTransport, count: int, ask: SubgraphRequest = ASK) -> list[object]:
    """What becomes of so many requests, one after another."""
    return [(await asyncio.gather(transport.send(ask), return_exceptions=True))[0] for _ in range(count)]


def failing(error: SubgraphFailure | SubgraphAnswer) -> FakeTransport:
    """A subgraph that never does better."""
    return FakeTransport({"fleet": lambda _: error, "port": lambda _: error})


@pytest.mark.parametrize(
    "failure",
    [SubgraphUnreachable("fleet", "gone"), SubgraphTimedOut("fleet", "slow"), SubgraphAnswer(503, b"")],
    ids=["unreachable", "timed out", "503"],
)
async def test_failures_open_the_circuit(failure: SubgraphFailure | SubgraphAnswer) -> None:
    """After them a request fails at once with a code of its own, and the subgraph is left alone; others are not concerned."""
    inner = failing(failure)
    transport = BreakingTransport(inner, Circuits({"fleet": SETTINGS}))

    last = (await outcomes(transport, 6))[-1]

    assert isinstance(last, CircuitOpen)
    assert (last.code, str(last)) == (
        "SUBGRAPH_CIRCUIT_BREAKER_REJECTED",
        'Subgraph "fleet" is not asked for a while: it failed too often.',
    )
    assert len(inner.requests) == 4
    await outcomes(transport, 6, ASK._replace(subgraph="port"))
    assert len(inner.requests_to("port")) == 6


@pytest.mark.parametrize(
    "outcome",
    [
        OutOfTime("fleet", "late"),
        SubgraphFailure("fleet", "no GraphQL"),
        SubgraphAnswer(500, b""),
        SubgraphAnswer(200, b'{"errors":[{"message":"no"}]}'),
    ],
    ids=["out of the client's time", "our own fault", "500", "GraphQL errors"],
)
async def test_what_a_subgraph_is_not_to_blame_for_does_not(outcome: SubgraphFailure | SubgraphAnswer) -> None:
    """Nor what one client could bring about for all others, with an operation that fails."""
    inner = failing(outcome)
    transport = BreakingTransport(inner, Circuits({"fleet": SETTINGS}))

    await outcomes(transport, 12)

    assert len(inner.requests) == 12


async def test_a_request_that_is_cancelled_is_not_counted() -> None:
    """It reaches the transport behind as a cancellation."""
    asked = asyncio.Event()

    async def silent(_: SubgraphRequest) -> SubgraphAnswer:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    circuits = Circuits({"fleet": SETTINGS.model_copy(update={"requests_min": 1})})
    running = asyncio.ensure_future(BreakingTransport(FakeTransport({"fleet": silent}), circuits).send(ASK))
    await asked.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    breaker = circuits.of("fleet")
    assert breaker is not None
    assert state(breaker) == "closed"


async def test_each_change_is_told_once() -> None:
    """In the log and in the metrics, where rejected requests are counted, too."""
    telemetry = Telemetry()
    transport = BreakingTransport(failing(SubgraphAnswer(503, b"")), Circuits({"fleet": SETTINGS}, telemetry.subgraphs))
    with capture_logs() as logs:
        await outcomes(transport, 10)

    assert [(entry["event"], entry["subgraph"], entry["circuit"]) for entry in logs] == [
        ("circuit changed", "fleet", "open")
    ]
    metrics = telemetry.render().decode()
    assert 'router_subgraph_circuit{subgraph="fleet"} 2.0' in metrics
    assert 'router_subgraph_circuit_changes_total{subgraph="fleet",to="open"} 1.0' in metrics
    assert 'router_subgraph_circuit_rejected_total{subgraph="fleet"} 6.0' in metrics


async def test_subscriptions_and_closing_pass_through() -> None:
    """They are the business of the transport behind."""
    inner = FakeTransport(events={"fleet": [{"data": {"n": 1}}]})
    transport = BreakingTransport(inner, Circuits({"fleet": SETTINGS}))

    assert [event.data async for event in transport.subscribe(ASK)] == [{"n": 1}]
    await transport.close()
    assert inner.closed
