"""Compares random federations: `python -m tests.conformance.composition.fuzz --count 2000 --seed 1`.

Each kind of difference is written once, as small as it gets, to a file in the folder `--into`; the exit code says whether there
was any.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.conformance.composition.agreement import Comparison, compare
from tests.conformance.composition.corpus import write_subgraphs
from tests.conformance.composition.federations.draw import federation
from tests.conformance.composition.kinds import kind_of, smallest

PROGRESS_EVERY = 100


@dataclass
class Tally:
    """What a run has seen: how many federations compose, which codes the reference gave, which differences there are."""

    into: Path
    tried: int = 0
    composing: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)

    def count(self, comparison: Comparison) -> None:
        theirs = comparison.pair.theirs
        self.tried += 1
        self.composing += theirs.composes
        self.codes.update(theirs.errors | theirs.hints)
        if comparison.problems:
            self._found(comparison)

    def _found(self, comparison: Comparison) -> None:
        kind = kind_of(comparison.problems)
        self.differences[kind] += 1
        if self.differences[kind] == 1:
            small = smallest(comparison.pair.subgraphs, kind)
            file = self.into / f"{hashlib.sha256(kind.encode()).hexdigest()[:8]}.graphql"
            report = compare(small).report()
            file.write_text("".join(f"# {line}\n" for line in report.splitlines()) + write_subgraphs(small))
            say(f"{kind}\n    {file}")

    def summary(self) -> str:
        lines = [f"{self.tried} federations, {self.composing / max(1, self.tried):.0%} compose"]
        lines += [f"{count:6} {code}" for code, count in self.codes.most_common()]
        lines += [f"{sum(self.differences.values())} with differences, of {len(self.differences)} kinds"]
        return "\n".join([*lines, *(f"{count:6} {kind}" for kind, count in self.differences.most_common())])


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Draw, compare, and sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--into", type=Path, default=Path("build/composition-differences"))
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    tally, started = Tally(options.into), time.monotonic()
    for number in range(options.count):
        tally.count(compare(federation(Random(f"{options.seed}/{number}"))))
        if tally.tried % PROGRESS_EVERY == 0:
            say(
                f"{tally.tried} in {time.monotonic() - started:.0f} s, {sum(tally.differences.values())} with differences"
            )
    say(tally.summary())
    return min(len(tally.differences), 1)


if __name__ == "__main__":
    sys.exit(main())
