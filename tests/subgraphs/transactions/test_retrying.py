"""How much the recovery worker may take up, by a clock that a test moves."""

from __future__ import annotations

import itertools

from subgraphs.transactions.retrying import (
    PROBE_PAUSE_BASE_S,
    PROBE_PAUSE_MAX_S,
    RETRIES_PER_S,
    SAVED_MAX,
    SILENT_AFTER,
    RetryBudget,
)


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def silent(clock: Seconds) -> RetryBudget:
    """A budget whose wallet has just fallen silent."""
    budget = RetryBudget(clock)
    for _ in range(SILENT_AFTER):
        budget.unanswered()
    return budget


def test_a_burst_is_bounded_and_time_earns_more() -> None:
    """What was saved may be spent at once; then as much as time earns, and never more than SAVED_MAX together."""
    clock = Seconds()
    budget = RetryBudget(clock)
    assert budget.allowance() == SAVED_MAX

    budget.spend(int(SAVED_MAX))
    assert budget.allowance() == 0
    clock.now += 1
    assert budget.allowance() == RETRIES_PER_S
    clock.now += 1_000
    assert budget.allowance() == SAVED_MAX


def test_traffic_earns_a_tenth() -> None:
    """Ten calls that are answered pay for one retry."""
    budget = RetryBudget(Seconds())
    budget.spend(budget.allowance())

    for _ in range(30):
        budget.answered()

    assert 2 <= budget.allowance() <= 3


def test_a_few_calls_without_an_answer_are_chance() -> None:
    """Only SILENT_AFTER in a row, without one answer between them, mean that the wallet is silent."""
    budget = RetryBudget(Seconds())
    for _ in range(SILENT_AFTER - 1):
        budget.unanswered()
    budget.answered()
    budget.unanswered()

    assert not budget.wallet_is_silent
    assert budget.allowance() > 1


def test_a_silent_wallet_is_probed_ever_less_often() -> None:
    """One at a time, after pauses that double up to their maximum; none while a probe is under way."""
    clock = Seconds()
    budget = silent(clock)
    pauses = []
    for _ in range(10):
        began = clock.now
        while budget.allowance() == 0:
            clock.now += PROBE_PAUSE_BASE_S / 10
        assert budget.allowance() == 1
        budget.spend(1)
        budget.unanswered()
        assert budget.allowance() == 0
        pauses.append(clock.now - began)

    assert pauses[0] <= PROBE_PAUSE_BASE_S * 1.2
    assert all(next_one >= before * 0.98 for before, next_one in itertools.pairwise(pauses))
    assert PROBE_PAUSE_MAX_S * 0.99 <= pauses[-1] <= PROBE_PAUSE_MAX_S * 1.2


def test_a_wallet_that_is_back_is_not_met_by_all_that_waited() -> None:
    """After the first answer the worker begins slowly, at the rate that time earns."""
    clock = Seconds()
    budget = silent(clock)
    clock.now += PROBE_PAUSE_MAX_S
    budget.spend(budget.allowance())

    budget.answered()

    assert not budget.wallet_is_silent
    assert budget.allowance() <= 1
    clock.now += 1
    assert budget.allowance() <= RETRIES_PER_S + 1
