"""Our composition and the reference agree on random federations. COMPOSITION_EXAMPLES asks for a number of new ones."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.conformance.composition.agreement import compare
from tests.conformance.composition.corpus import write_subgraphs
from tests.conformance.composition.federations.draw import federation, federations
from tests.conformance.composition.federations.shrink import Subgraphs
from tests.conformance.composition.kinds import kind_of, smallest
from tests.conformance.reference.client import the_reference

EXAMPLES = int(os.environ.get("COMPOSITION_EXAMPLES", "150"))
DISTRIBUTION = 200


@pytest.mark.timeout(max(180, EXAMPLES))
@given(federations())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    # A federation is a seed to hypothesis, which can make nothing of it smaller.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
    # The usual run asks the same federations each time.
    derandomize="COMPOSITION_EXAMPLES" not in os.environ,
)
def test_agreement(subgraphs: Subgraphs) -> None:
    """The same answer, codes, hints, API schema and join directives; a difference is shown as small as it gets."""
    problems = compare(subgraphs).problems
    if problems:
        small = smallest(subgraphs, kind_of(problems))
        pytest.fail(f"{compare(small).report()}\n{write_subgraphs(small)}")


def test_the_federations_are_varied() -> None:
    """About half of them compose, and the others fail for many reasons."""
    compositions = [the_reference().compose(federation(Random(number))) for number in range(DISTRIBUTION)]
    codes = Counter(finding.code for made in compositions for finding in {*made.errors, *made.hints})

    composing = sum(made.composes for made in compositions)
    assert DISTRIBUTION * 0.35 <= composing <= DISTRIBUTION * 0.65
    assert len(codes) >= 40, codes
