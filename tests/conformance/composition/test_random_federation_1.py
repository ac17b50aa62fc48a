"""Our composition and the reference agree on random federation 1 schemas. COMPOSITION_EXAMPLES asks for a number of new ones."""

from __future__ import annotations

import os
from random import Random, SystemRandom

import pytest

from tests.conformance.composition.agreement import compare
from tests.conformance.composition.corpus import write_subgraphs
from tests.conformance.composition.federations.federation_1 import draw_federation_1
from tests.conformance.composition.kinds import kind_of, smallest
from tests.conformance.reference.client import the_reference

EXAMPLES = int(os.environ.get("COMPOSITION_EXAMPLES", "80"))
START = SystemRandom().randrange(2**32) if "COMPOSITION_EXAMPLES" in os.environ else 0


@pytest.mark.timeout(max(180, EXAMPLES))
def test_agreement() -> None:
    """The same answer, codes, hints, API schema and join directives; a difference is shown as small as it gets."""
    for seed in range(START, START + EXAMPLES):
        subgraphs = draw_federation_1(Random(seed))
        problems = compare(subgraphs).problems
        if problems:
            small = smallest(subgraphs, kind_of(problems))
            pytest.fail(f"seed {seed}: {compare(small).report()}\n{write_subgraphs(small)}")


def test_the_schemas_are_varied() -> None:
    """Many compose, and the others fail for what the upgrade brings about."""
    compositions = [the_reference().compose(draw_federation_1(Random(seed))) for seed in range(80)]
    codes = {error.code for composition in compositions for error in composition.errors}

    assert sum(composition.composes for composition in compositions) >= 25
    assert {"EXTENSION_WITH_NO_BASE", "EXTERNAL_MISSING_ON_BASE", "INVALID_FIELD_SHARING"} <= codes
