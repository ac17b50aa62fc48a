"""Compares the router with the oracle on random federations: `python -m tests.router.fuzz --minutes 10 --seed 1`.

Every difference is shown as small as it gets, with its seed; `--seed S --federations 1` runs that federation again. The exit code
says whether there was any. The work is spread over all cores.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing import cpu_count, get_context

import structlog
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.router.federations.case import Case, outcome
from tests.router.federations.federation import Federation
from tests.router.federations.sample import cases
from tests.router.federations.shrink import small

KINDS_SHOWN_MAX = 10


@dataclass(frozen=True)
class Numbered:
    """An operation of a federation."""

    seed: int
    operation: int = 0

    def __str__(self) -> str:
        return f"seed {self.seed}, operation {self.operation}"


@dataclass(frozen=True)
class Found:
    """A difference, told as text: processes exchange nothing else."""

    kind: str
    at: Numbered
    text: str


@dataclass(frozen=True)
class Ran:
    """What one federation gave."""

    operations: int
    found: tuple[Found, ...]
    ran: Counter[str]


@dataclass
class Tally:
    """What a whole run has seen."""

    federations: int = 0
    operations: int = 0
    kinds: dict[str, list[Found]] = field(default_factory=dict)
    ran: Counter[str] = field(default_factory=Counter)

    def count(self, ran: Ran) -> list[Found]:
        """Add what a federation gave; gives the first of each kind that is new."""
        self.federations += 1
        self.operations += ran.operations
        self.ran += ran.ran
        fresh = [found for found in ran.found if found.kind not in self.kinds]
        for found in ran.found:
            self.kinds.setdefault(found.kind, []).append(found)
        return fresh

    def line(self) -> str:
        """The state in a line."""
        differences = sum(map(len, self.kinds.values()))
        return f"{self.federations} federations, {self.operations} operations, {differences} differences"


def run_seed(seed: int, operations: int) -> Ran:
    """All operations of one federation. The first difference of each kind is made small."""
    found: dict[str, Found] = {}
    ran: Counter[str] = Counter()
    tried = 0
    try:
        federation, drawn = cases(seed, operations)
        for number, case in enumerate(drawn):
            tried += 1
            _try(federation, case, Numbered(seed, number), found, ran)
    except Exception as fault:  # of composition, most likely, or of what draws
        broken = _broken("the draw fails", fault, Numbered(seed))
        found[broken.kind] = broken
    return Ran(tried, tuple(found.values()), ran)


def _try(federation: Federation, case: Case, at: Numbered, found: dict[str, Found], ran: Counter[str]) -> None:
    try:
        came = outcome(federation, case)
        ran.update(came.ran)
        different = came.difference
        if different is not None and different.kind not in found:
            found[different.kind] = Found(different.kind, at, small(federation, case, different).text())
    except Exception as fault:  # of the fuzz itself, most likely: told with the seed that leads back to it
        broken = _broken("the fuzz fails", fault, at)
        found.setdefault(broken.kind, broken)


def _broken(what: str, fault: Exception, at: Numbered) -> Found:
    return Found(f"{what}: {type(fault).__name__}", at, "".join(traceback.format_exception(fault)))


def run(options: argparse.Namespace, console: Console) -> Tally:
    """Seed after seed, until the time is up or all federations are done."""
    tally = Tally()
    until = time.monotonic() + options.minutes * 60
    seeds = iter(
        range(options.seed, options.seed + options.federations) if options.federations else _endless(options.seed)
    )
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        ProcessPoolExecutor(options.processes, mp_context=get_context("spawn"), initializer=_quiet) as pool,
        Progress(*columns, console=console) as progress,
    ):
        task = progress.add_task("starting")
        running: set[Future[Ran]] = set()
        while True:
            while len(running) < 2 * options.processes and time.monotonic() < until:
                seed = next(seeds, None)
                if seed is None:
                    break
                running.add(pool.submit(run_seed, seed, options.operations_each))
            if not running:
                return tally
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                _show(tally.count(each.result()), console)
            progress.update(task, description=tally.line())


def _quiet() -> None:
    """Plans that are not compiled are counted, not logged."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _endless(first: int) -> Iterator[int]:
    while True:
        yield first
        first += 1


def _show(found: list[Found], console: Console) -> None:
    for each in found:
        console.rule(str(each.at))
        console.print(each.text, markup=False, highlight=False, soft_wrap=True)


def main() -> int:
    """Draw, run, compare, and sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the first federation; each next one is one more")
    parser.add_argument("--federations", type=int, default=0, help="how many at most; 0 is until the time is up")
    parser.add_argument("--operations-each", type=int, default=50)
    parser.add_argument("--processes", type=int, default=cpu_count())
    console = Console()
    tally = run(parser.parse_args(), console)
    console.print(tally.line())
    console.print("engines: " + ", ".join(f"{how} {count}" for how, count in tally.ran.most_common()), markup=False)
    for kind, found in list(tally.kinds.items())[:KINDS_SHOWN_MAX]:
        console.print(f"{len(found):6} {kind}  (seeds {sorted({each.at.seed for each in found})[:5]})", markup=False)
    return min(len(tally.kinds), 1)


if __name__ == "__main__":
    sys.exit(main())
