"""Known operations: our router answers as the reference's gateway does, at no higher price, apart from the listed differences."""

from __future__ import annotations

import functools
from pathlib import Path
from random import Random

import pytest

from tests.conformance.execution.agreement import Comparison, compare
from tests.conformance.execution.case import Case, read_case, write_case
from tests.conformance.execution.differences.difference import Difference
from tests.conformance.execution.differences.listed import DIFFERENCES
from tests.conformance.execution.drawn import cases

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "planner-differences.md"
CASES = {file.stem: file for file in sorted((Path(__file__).parent / "cases").glob("*.graphql"))}
SUPERGRAPHS = {file.stem: file for file in sorted((ROOT / "tests" / "router" / "fixtures").glob("*.graphql"))}
SUPERGRAPHS["ours"] = ROOT / "schema" / "supergraph.graphql"
del SUPERGRAPHS["places"]  # the gateway fills no arguments from a @context
OPERATIONS_EACH = 12


@functools.cache
def compared(name: str) -> Comparison:
    return compare(read_case(CASES[name].read_text()))


@pytest.mark.parametrize("name", CASES)
def test_a_case_agrees(name: str) -> None:
    """Equal data, no more requests, and no more of them in a row."""
    comparison = compared(name)

    assert not comparison.problems, comparison.report()


@pytest.mark.parametrize("name", SUPERGRAPHS)
def test_operations_on_a_supergraph_agree(name: str) -> None:
    """The same of random operations on the supergraphs that other tests have, and on this repository's."""
    supergraph = Case(supergraph=SUPERGRAPHS[name].read_text())

    for case in cases(supergraph, Random(name), OPERATIONS_EACH):
        comparison = compare(case)
        assert not comparison.problems, f"{comparison.report()}\n{case.operation}\n{case.variables}"


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.heading)
def test_no_dead_difference(difference: Difference) -> None:
    """A listed difference is met by some case, and its paragraph gives the reason."""
    headings = {line.lstrip("# ") for line in DOCUMENT.read_text().splitlines() if line.startswith("##")}
    assert difference.heading in headings
    assert any(difference.heading in compared(name).deliberate for name in CASES)


@pytest.mark.parametrize("name", CASES)
def test_cases_are_read_as_they_are_written(name: str) -> None:
    """What the fuzz run writes can be put among the cases."""
    case = read_case(CASES[name].read_text())

    assert read_case(write_case(case)) == case
