"""Random federations, random data, random operations: the router answers what one server over all the data answers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest

from router.executor import ExecutionResult
from tests.router.federations import engines
from tests.router.federations.case import Outcome, outcome
from tests.router.federations.draw import draw_federation
from tests.router.federations.engines import Ran
from tests.router.federations.sample import cases
from tests.router.federations.shrink import small

FEDERATIONS = 40
FEDERATIONS_AT_ONCE = 4
OPERATIONS_EACH = 30
FEATURES = (
    *("@key", "@requires", "@provides", "@override", "label:", "@shareable", "@external", "@inaccessible"),
    *("@interfaceObject", "@context", "@fromContext", "resolvable: false", "interface ", "union ", "enum ", "input "),
    *("scalar ", "implements ", "query: The", "[[", "type Mutation", "type Subscription", "type Payload"),
)
SCRIPT = """
from tests.router.federations.case import planned
from tests.router.federations.sample import cases
for seed in range(4):
    federation, drawn = cases(seed, 8)
    for case in drawn:
        print([(f.operation, f.path, f.entities, f.after) for f in planned(federation, case).fetches])
"""


@pytest.mark.timeout(300)  # some 4 s of CPU, on a machine that may be busy
@pytest.mark.parametrize("first", range(0, FEDERATIONS, FEDERATIONS_AT_ONCE))
def test_any_operation_is_answered_as_by_one_server(first: int) -> None:
    """Data is equal to the byte, errors explain the same nulls, engines ask the same, and every plan keeps all rules."""
    ran: Counter[str] = Counter()
    for seed in range(first, first + FEDERATIONS_AT_ONCE):
        federation, drawn = cases(seed, OPERATIONS_EACH)
        for number, case in enumerate(drawn):
            came = outcome(federation, case)
            ran.update(came.ran)
            if came.difference is not None:
                pytest.fail(f"seed {seed}, operation {number}\n{small(federation, case, came.difference).text()}")
    assert ran["interpreted"] == FEDERATIONS_AT_ONCE * OPERATIONS_EACH
    assert ran["compiled"] > ran["interpreted"] / 2, f"few operations are run by a compiled plan: {ran}"


def test_the_federations_are_varied() -> None:
    """Every directive of federation and every kind of type is in some of them."""
    sdls = [
        "\n".join(subgraph.sdl for subgraph in draw_federation(seed).subgraphs) for seed in range(0, FEDERATIONS, 5)
    ]
    missing = [feature for feature in FEATURES if not any(feature in sdl for sdl in sdls)]
    assert not missing


def test_a_wrong_answer_is_noticed() -> None:
    """The oracle tells a lost value, an order that is not the client's, and a request that should not be."""
    federation, drawn = cases(3, 20)
    case = next(case for case in drawn if _asked_for_more(outcome(federation, case)) and "query" in case.operation)

    async def lossy(*given: object) -> Ran | None:
        ran = await engines.interpreted(*given)  # type: ignore[arg-type]  # handed on
        assert ran is not None
        data = ran.result.data or {}
        return Ran(ExecutionResult(msgspec.json.encode(dict.fromkeys(data)), ran.result.errors), "lossy")

    with patch.dict(engines.ENGINES, {"lossy": lossy}):
        came = outcome(federation, case)
    assert came.difference is not None
    assert came.difference.kind == "lossy: data"


def _asked_for_more(came: Outcome) -> bool:
    return came.ran == ("interpreted", "compiled")


def test_the_same_seed_gives_the_same_plans_under_hash_randomisation() -> None:
    """Federations, operations and plans come out alike in processes with different hash seeds."""
    root = Path(__file__).parents[3]
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(outputs[0].splitlines()) == 32
    assert outputs[0] == outputs[1]
