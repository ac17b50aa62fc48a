"""Compares random operations: `python -m tests.conformance.execution.fuzz --federations 400 --operations 50 --seed 1`.

The smallest example of each kind of difference, several of them, is written to a file in the folder `--into` with both plans; the
exit code says whether there was any.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.conformance.execution.agreement import Comparison, compare
from tests.conformance.execution.case import Case, write_case
from tests.conformance.execution.drawn import cases, federation
from tests.conformance.execution.problems import kind_of
from tests.conformance.execution.shrink import smaller

PROGRESS_EVERY = 10
EXAMPLES_EACH = 5


@dataclass
class Tally:
    """What a run has seen: how many operations both answered, at which price, and which differences there are."""

    into: Path
    tried: int = 0
    ours: Counter[str] = field(default_factory=Counter)
    theirs: Counter[str] = field(default_factory=Counter)
    fewer: int = 0
    deliberate: Counter[str] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)

    def count(self, comparison: Comparison) -> None:
        pair = comparison.pair
        self.tried += 1
        for counter, outcome in ((self.ours, pair.ours), (self.theirs, pair.theirs)):
            counter.update(fetches=outcome.price.fetches, waves=outcome.price.waves)
        self.fewer += pair.ours.price != pair.theirs.price
        self.deliberate.update(comparison.deliberate)
        if comparison.problems:
            self._found(comparison)

    def _found(self, comparison: Comparison) -> None:
        kind = kind_of(comparison.problems[0])
        self.differences[kind] += 1
        if self.differences[kind] > EXAMPLES_EACH:
            return
        small = smallest(comparison.pair.case, kind)
        words = "".join(character if character.isalnum() else "-" for character in kind)[:40]
        file = self.into / f"{words}-{self.differences[kind]}.graphql"
        report = compare(small).report()
        file.write_text("".join(f"# {line}\n" for line in report.splitlines()) + write_case(small))
        say(f"{kind}\n    {file}")

    def summary(self) -> str:
        lines = [
            f"{self.tried} operations; ours {dict(self.ours)}, theirs {dict(self.theirs)}; {self.fewer} of other price"
        ]
        lines += [f"{count:6} {heading} (listed)" for heading, count in self.deliberate.most_common()]
        lines += [f"{sum(self.differences.values())} with differences, of {len(self.differences)} kinds"]
        return "\n".join([*lines, *(f"{count:6} {kind}" for kind, count in self.differences.most_common())])


def smallest(case: Case, kind: str) -> Case:
    """The case without what a difference of the kind does not need."""
    return smaller(case, lambda candidate: kind in {kind_of(found) for found in compare(candidate).problems[:1]})


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Draw, compare, and sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--federations", type=int, default=400)
    parser.add_argument("--operations", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--into", type=Path, default=Path("build/execution-differences"))
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    tally, started = Tally(options.into), time.monotonic()
    for number in range(options.federations):
        rng = Random(f"{options.seed}/{number}")
        for case in cases(federation(rng), rng, options.operations):
            tally.count(compare(case))
        if (number + 1) % PROGRESS_EVERY == 0:
            differing = sum(tally.differences.values())
            say(f"{tally.tried} operations in {time.monotonic() - started:.0f} s, {differing} with differences")
    say(tally.summary())
    return min(len(tally.differences), 1)


if __name__ == "__main__":
    sys.exit(main())
