"""The bucket's arithmetic: by itself, against a bucket of tokens, and the same in Redis."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st

from payflow.dev.testing import TestValkey
from router.ratelimit.gcra import Rate, Standing, decide, remaining, wait_us
from router.ratelimit.shared import SCRIPT

EPOCH_S = 1_735_689_600

# A charge: microseconds since the one before, units, and whether the bucket may come to owe (a settlement).
CHARGES = st.lists(
    st.tuples(
        st.one_of(st.just(0), st.integers(0, 3_000_000), st.integers(0, 10**11)),
        st.integers(-50, 200),
        st.booleans(),
    ),
    max_size=40,
)


class Tokens:
    """A bucket as everybody pictures it: it holds tokens, drips more in, and is never fuller than full. Exact fractions."""

    def __init__(self, burst: int, unit_us: Fraction) -> None:
        self.held = Fraction(burst)
        self.burst = burst
        self.unit_us = unit_us
        self.at_us = 0

    def take(self, now_us: int, units: int, *, may_owe: bool) -> bool:
        """Whether it had them. A negative number is put back."""
        self.held = min(Fraction(self.burst), self.held + Fraction(now_us - self.at_us) / self.unit_us)
        self.at_us = now_us
        if not may_owe and units > self.held:
            return False
        self.held = min(Fraction(self.burst), self.held - units)
        return True


@given(st.floats(0, 2.0**53), st.integers(1, 150), st.floats(0.001, 60_000_000))
def test_a_full_bucket_has_all_that_it_holds(now_us: float, burst: int, unit_us: float) -> None:
    """However long the clock has run and whatever a unit takes: all of it is there, and no more than that."""
    rate = Rate("any", burst, unit_us)

    assert decide(0.0, now_us, rate.tolerance_us, rate.tolerance_us)[1] == Standing(True, rate.tolerance_us)
    assert not decide(0.0, now_us, (burst + 1) * unit_us, rate.tolerance_us)[1].allowed


@given(CHARGES, st.integers(1, 150), st.integers(1, 60_000_000))
def test_counts_as_a_bucket_of_tokens_does(charges: list[tuple[int, int, bool]], burst: int, unit_us: int) -> None:
    """Whatever is charged, refunded and settled, and whenever: allowed and left is what a bucket of tokens says."""
    bucket, rate = Tokens(burst, Fraction(unit_us)), Rate("any", burst, unit_us)
    now_us, full_at_us = 0, 0.0

    for passed_us, units, may_owe in charges:
        now_us += passed_us
        asks_to_owe = may_owe or units <= 0
        had = bucket.take(now_us, units, may_owe=asks_to_owe)
        full_at_us, standing = decide(full_at_us, now_us, units * unit_us, None if asks_to_owe else rate.tolerance_us)

        assert standing.allowed is had
        assert remaining(rate, standing.backlog_us) == max(0, bucket.held.__floor__())
        assert standing.backlog_us == pytest.approx(float((burst - bucket.held) * unit_us), abs=1)
        if not had:
            missing = units - bucket.held
            assert wait_us(rate, standing.backlog_us, units) == pytest.approx(float(missing * unit_us), abs=1)


def test_a_refused_charge_takes_nothing() -> None:
    """Who asks for too much again and again is not kept waiting longer for it."""
    full_at_us, standing = decide(0, 1_000, 500, 400)

    assert (full_at_us, standing) == (1_000, Standing(False, 0))


def test_a_share_keeps_the_time_to_fill_up() -> None:
    """A third of a plan has a third of the units in the same time."""
    rate = Rate("free", burst=90, unit_us=100)

    third = rate.share(1 / 3)

    assert third.burst == pytest.approx(30)
    assert third.tolerance_us == pytest.approx(rate.tolerance_us)


@pytest.fixture(scope="module")
def server(valkey_server: TestValkey) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey_server.next_url()) as server:
        yield server


def clockless(script: str) -> str:
    """The script with a time that it is told, in place of the server's, and without keys that expire by the server's."""
    told = script.replace("redis.call('TIME')", "{ARGV[#ARGV - 1], ARGV[#ARGV]}").replace(", 'PX', expires_ms", "")
    assert told.count("ARGV[#ARGV]") == 1
    assert "PX" not in told
    return told


@settings(deadline=None, max_examples=60)
@given(CHARGES, st.integers(1, 150), st.floats(0.01, 60_000_000))
def test_redis_counts_as_the_model_does(
    server: redis.Redis, charges: list[tuple[int, int, bool]], burst: int, unit_us: float
) -> None:
    """The script and `decide` say the same of every charge of every sequence, at the same microseconds."""
    script, rate = server.register_script(clockless(SCRIPT)), Rate("any", burst, unit_us)
    now_us, full_at_us = 50_000_000_000_000, 0.0  # in July 2026
    server.delete("bucket")

    for passed_us, units, may_owe in charges:
        now_us += passed_us
        added_us, tolerance_us = units * unit_us, None if may_owe else rate.tolerance_us
        seconds, microseconds = divmod(now_us, 1_000_000)
        arguments = [added_us, -1 if may_owe else rate.tolerance_us, EPOCH_S + seconds, microseconds]

        allowed, backlog_us = script(keys=["bucket"], args=arguments)
        full_at_us, standing = decide(full_at_us, now_us, added_us, tolerance_us)

        assert (allowed == 1) is standing.allowed
        assert backlog_us == pytest.approx(standing.backlog_us, abs=1)  # whole microseconds, rounded up


def test_a_bucket_expires_when_it_is_full(server: redis.Redis) -> None:
    """Redis keeps no bucket that says nothing: its key lives exactly as long as it takes to fill up."""
    allowed, backlog_us = server.eval(SCRIPT, 1, "bucket", 30_000_000, 60_000_000)
    left_ms = server.pttl("bucket")
    server.eval(SCRIPT, 1, "bucket", -30_000_000, -1)

    assert (allowed, backlog_us) == (1, 30_000_000)
    assert 29_000 < left_ms <= 30_000
    assert server.exists("bucket") == 0


def test_a_debt_of_any_size_can_be_written(server: redis.Redis) -> None:
    """No number that a settlement may come to makes Redis fail: that would look like an outage."""
    [allowed, backlog_us] = server.eval(SCRIPT, 1, "bucket", 1e12 * 86_400e6, -1)

    assert (allowed, backlog_us) == (1, 2**53)
    assert server.pttl("bucket") > 0
    server.delete("bucket")


def test_charges_of_one_call_see_each_other(server: redis.Redis) -> None:
    """Three charges to one bucket that has enough for two: the third is refused, whatever other buckets say between them."""
    arguments = [40, 100] * 2 + [90, 100] + [40, 100]

    answers = server.eval(SCRIPT, 4, "one", "one", "two", "one", *[int(each) * 1_000_000 for each in arguments])

    assert answers[::2] == [1, 1, 1, 0]
