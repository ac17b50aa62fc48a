"""Our composition and the reference agree on every set of the corpus, apart from the listed differences."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pytest

from router.composition.codes import Code
from router.composition.hints import HintCode
from tests.conformance.composition.agreement import Comparison, compare
from tests.conformance.composition.corpus import whole_corpus
from tests.conformance.composition.differences.difference import Difference
from tests.conformance.composition.differences.listed import DIFFERENCES

DOCUMENT = Path(__file__).parents[3] / "docs" / "composition-differences.md"
CORPUS = {subgraph_set.name: subgraph_set for subgraph_set in whole_corpus()}
SETS_MIN = 300
CASES_PER_CODE_MIN = 3
# Codes that the reference has and never answers with, or does not have; the differences say why ours does.
OURS_ALONE = frozenset(
    {
        Code.UNSUPPORTED_LINKED_FEATURE,
        HintCode.INCONSISTENT_ONE_OF,
        HintCode.INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE,
        HintCode.INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS,
    }
)
# Sets that get it take either some minutes.
TOO_SLOW = frozenset({Code.MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED})
ALL_CODES: tuple[Code | HintCode, ...] = (*Code, *HintCode)
TRIED = [code for code in ALL_CODES if code not in OURS_ALONE | TOO_SLOW]


@functools.cache
def compared(name: str) -> Comparison:
    return compare(CORPUS[name].subgraphs)


@pytest.mark.parametrize("name", CORPUS)
def test_agreement(name: str) -> None:
    """The same answer, codes, hints, API schema and join directives."""
    comparison = compared(name)

    assert not comparison.problems, comparison.report()


def test_the_corpus_is_large() -> None:
    """At least three hundred different sets."""
    different = {subgraph_set.subgraphs for subgraph_set in CORPUS.values()}

    assert len(different) >= SETS_MIN


@pytest.mark.parametrize("code", TRIED, ids=lambda code: code.name)
def test_every_code_is_hit_from_several_sides(code: Code | HintCode) -> None:
    """Sets that the reference answers with the code, too."""
    assert hits()[code.name] >= CASES_PER_CODE_MIN


@pytest.mark.parametrize("code", [code for code in ALL_CODES if code in OURS_ALONE], ids=lambda code: code.name)
def test_codes_of_ours_alone(code: Code | HintCode) -> None:
    """The corpus has them, and the reference indeed never answers with them."""
    pairs = [compared(name).pair for name in CORPUS]

    assert any(code.name in pair.ours.errors | pair.ours.hints for pair in pairs)
    assert not any(code.name in pair.theirs.errors | pair.theirs.hints for pair in pairs)


@functools.cache
def hits() -> Counter[str]:
    """How many sets both answer with a code."""
    pairs = [compared(name).pair for name in CORPUS]
    return Counter(
        code
        for pair in pairs
        for code in (pair.ours.errors & pair.theirs.errors) | (pair.ours.hints & pair.theirs.hints)
    )


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.heading)
def test_no_dead_difference(difference: Difference) -> None:
    """A listed difference is met by some set, and its paragraph gives the reason."""
    headings = {line.lstrip("# ") for line in DOCUMENT.read_text().splitlines() if line.startswith("##")}
    assert difference.heading in headings
    assert any(difference.heading in compared(name).deliberate for name in CORPUS)
