"""Random operations over random federations: equal data, and never a higher price, apart from the listed differences."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.conformance.execution.agreement import compare
from tests.conformance.execution.case import write_case
from tests.conformance.execution.drawn import cases, federation

GROUPS = 6
FEDERATIONS_EACH = 10
OPERATIONS_EACH = 6


@pytest.mark.parametrize("group", range(GROUPS))
def test_agreement(group: int) -> None:
    """The fuzz run shows a difference as small as it gets; here it is shown as it was found."""
    for number in range(FEDERATIONS_EACH):
        rng = Random(f"{group}/{number}")
        for case in cases(federation(rng), rng, OPERATIONS_EACH):
            comparison = compare(case)
            assert not comparison.problems, f"{comparison.report()}\n{write_case(case)}"


def test_the_operations_are_varied() -> None:
    """Most federations have operations that take several subgraphs and several steps: easy ones would prove little."""
    waves: Counter[int] = Counter()
    for number in range(FEDERATIONS_EACH):
        rng = Random(f"varied/{number}")
        waves.update(compare(case).pair.theirs.price.waves for case in cases(federation(rng), rng, OPERATIONS_EACH))

    assert sum(waves.values()) > FEDERATIONS_EACH * OPERATIONS_EACH * 0.9
    assert sum(count for depth, count in waves.items() if depth >= 2) > sum(waves.values()) / 5
    assert any(depth >= 3 for depth in waves)
