"""`python -m tests.failpoints [JOURNEY …]` runs the matrix, or some journeys of it, and draws it: a line a point, a column an action."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from payflow.kernel.failpoint_catalogue import SENTENCES, Action
from tests.failpoints.matrix import JOURNEYS, Cell, Journey, cells, summary

FOLDER = Path(__file__).parent
MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped", None: "not run"}
WIDTH = 11


class Outcomes:
    """A pytest plugin that remembers how each cell ended."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            self.of[report.nodeid.partition("[")[2].removesuffix("]")] = report.outcome

    def mark(self, cell: Cell) -> str:
        return MARKS[self.of.get(cell.name)] if cell.applies else "·"


def main() -> int:
    """The exit status is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m tests.failpoints", description=__doc__)
    parser.add_argument("journey", nargs="*", choices=[[], *(journey.name for journey in JOURNEYS)])
    names = parser.parse_args().journey
    chosen = [journey for journey in JOURNEYS if not names or journey.name in names]
    outcomes = Outcomes()
    files = [str(FOLDER / f"test_{journey.name}.py") for journey in chosen]
    status = pytest.main([*files, "-q", "--no-header", "--show-capture=no", "--tb=short"], plugins=[outcomes])
    for journey in chosen:
        sys.stdout.writelines(f"{line}\n" for line in grid(journey, outcomes))
    sys.stdout.write(f"\n{summary()}\n")
    return int(status)


def grid(journey: Journey, outcomes: Outcomes) -> Iterator[str]:
    """The journey's part of the matrix, for people."""
    yield f"\n{journey.name}: {journey.sentence}"
    yield " " * 25 + "".join(f"{action:<{WIDTH}}" for action in Action)
    for point in journey.points:
        marks = [outcomes.mark(cell) for cell in cells(journey) if cell.point == point]
        yield f"  {point:<23}" + "".join(f"{mark:<{WIDTH}}" for mark in marks) + SENTENCES[point.partition("#")[0]]


if __name__ == "__main__":
    sys.exit(main())
