"""Composes with ours and with the reference, side by side in one run, and prints times and peak memory as ratios.

    python -m benchmarks.composition              all three sizes: about five minutes, and 4 GB for the reference
    python -m benchmarks.composition --size five  one of: five, medium, large

Each side is a process of its own that has composed the small federation a few times before anything counts, so neither start-up
nor compiling is measured. Reading SDL is. The sides take turns, so that a busy machine is busy for both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.federations import make_federation
from tests.conformance.reference.install import NODE, ensure_installed

ROOT = Path(__file__).parent.parent
WARM_UPS = 25
REFERENCE_HEAP_MEGABYTES = 8192


@dataclass(frozen=True)
class Size:
    """A federation to compose, `rounds` times on each side."""

    name: str
    title: str
    subgraphs: dict[str, str]
    rounds: int


@dataclass(frozen=True)
class Measured:
    """The median time in seconds, and how much memory the process took beyond what it had when warm, in bytes."""

    seconds: float
    memory: int


def five() -> dict[str, str]:
    """The subgraphs of this project."""
    return {file.stem: file.read_text() for file in sorted((ROOT / "schema" / "subgraphs").glob("*.graphql"))}


def sizes(wanted: str | None) -> Iterator[Size]:
    """Each size as its turn comes, or the one that is wanted."""
    made: dict[str, Callable[[], Size]] = {
        "five": lambda: Size("five", "the 5 subgraphs of this project", five(), rounds=41),
        "medium": lambda: Size("medium", "30 subgraphs, 1 000 types", make_federation(30, 1_000), rounds=5),
        "large": lambda: Size("large", "100 subgraphs, 5 000 types", make_federation(100, 5_000), rounds=2),
    }
    for name, make in made.items():
        if wanted in (None, name):
            yield make()


class Side:
    """One contender: a process that composes what it is sent."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def compose(self, subgraphs: dict[str, str]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(subgraphs) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("A contender ended without an answer; what it said stands above.")
        answer: dict[str, Any] = json.loads(line)
        if not answer["composes"]:
            raise SystemExit("The federation does not compose: there is nothing to measure.")
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def contenders() -> Iterator[tuple[Side, Side]]:
    """Ours and the reference, warm."""
    reference = ["benchmarks/contender.js", str(ensure_installed())]
    sides = (
        Side([sys.executable, "-m", "benchmarks.contender"]),
        Side([str(NODE), f"--max-old-space-size={REFERENCE_HEAP_MEGABYTES}", *reference]),
    )
    try:
        yield sides
    finally:
        for side in sides:
            side.close()


def measure(size: Size) -> tuple[Measured, Measured]:
    """Compose by turns, on fresh processes."""
    with contenders() as sides:
        for _ in range(WARM_UPS):
            warm = [side.compose(five()) for side in sides]
        rounds = [[side.compose(size.subgraphs) for side in sides] for _ in range(size.rounds)]
    ours, reference = (
        Measured(
            statistics.median(answers[side]["seconds"] for answers in rounds),
            rounds[-1][side]["peak"] - warm[side]["peak"],
        )
        for side in range(2)
    )
    return ours, reference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=["five", "medium", "large"], help="one size only")
    wanted = parser.parse_args().size
    write("| federation | SDL | ours | @apollo/composition | time | memory, ours | reference | memory |")
    write("|---|---|---|---|---|---|---|---|")
    for size in sizes(wanted):
        ours, reference = measure(size)
        kilobytes = sum(map(len, size.subgraphs.values())) // 1000
        write(
            f"| {size.title} | {kilobytes} kB | {duration(ours)} | {duration(reference)} |"
            f" {ratio(ours.seconds, reference.seconds)} | {megabytes(ours)} | {megabytes(reference)} |"
            f" {ratio(ours.memory, reference.memory)} |"
        )


def duration(measured: Measured) -> str:
    seconds = measured.seconds
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def megabytes(measured: Measured) -> str:
    return f"{measured.memory / 1e6:.0f} MB"


def ratio(ours: float, reference: float) -> str:
    return f"**{ours / reference:.2f}**" if reference > 0 else "–"


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
