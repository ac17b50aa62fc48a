"""The real ledger against a model of it: whatever is asked, in whatever order, alone or in batches, both answer alike.

`PAYFLOW_PROOF=nightly` looks much longer and elsewhere each time, `dev` shorter; `PAYFLOW_PROOF_SEED` looks where a run before did.
"""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from payflow.dev.testing import DatabaseFactory
from payflow.kernel.db import Database
from subgraphs.wallet.outcomes import REFUSALS
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.wallet.clock import MovedClock
from tests.subgraphs.wallet.machine import PROFILE, PROFILES, SEED, Bench, machine
from tests.subgraphs.wallet.world import World

SETTINGS = settings(
    max_examples=PROFILES[PROFILE].examples,
    stateful_step_count=PROFILES[PROFILE].steps,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


async def connect(databases: DatabaseFactory) -> tuple[World, MovedClock]:
    """A ledger of its own, whose clock can be moved."""
    url = await databases.make("wallet", prepare=migration_of("wallet"))
    return World.over(Database(url)), await MovedClock.of(Database(databases.owner_url(url)))


@pytest.mark.timeout(PROFILES[PROFILE].limit_s)
def test_the_ledger_answers_as_its_model(database_factory: DatabaseFactory) -> None:
    """Every kind of command, keys new, repeated and misused, time that passes, batches: answers, balances, invariants, the audit."""
    print(f"PAYFLOW_PROOF={PROFILE} PAYFLOW_PROOF_SEED={SEED}")  # noqa: T201  shown where it fails: how to have it again
    with asyncio.Runner() as runner:
        world, clock = runner.run(connect(database_factory))
        try:
            bench = Bench(runner, world, clock)
            run_state_machine_as_test(machine(bench), settings=SETTINGS)
            runner.run(world.assert_true())
            never_met = set(REFUSALS) - {status for _, status, _ in bench.met}
            assert len(never_met) < 5, f"commands that are all alike prove little: {never_met}"
        finally:
            runner.run(world.close())
            runner.run(clock.owner.close())
