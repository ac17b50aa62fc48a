"""Measures our router beside the gateways of Apollo and The Guild, and its planner.

    python -m benchmarks.router                          everything, about 20 minutes
    python -m benchmarks.router --quick                  everything, roughly, in two minutes
    python -m benchmarks.router --only ours apollo small    two contenders on one case

Each gateway is one process alone on one core; client and subgraphs are on another. What can be named with --only:
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.router import report
from benchmarks.router.contenders import CONTENDERS, Contender
from benchmarks.router.federation import CASES, Case
from benchmarks.router.load import WrongAnswer
from benchmarks.router.measure import QUICK, Effort, Result, measure
from benchmarks.router.planning import measure_planning
from benchmarks.router.processes import DidNotStart
from benchmarks.router.stages import measure_stages

PARTS = {
    "load": "requests per second, CPU and latency under load",
    "planning": "cold planning of many operations, and the memory they leave",
    "stages": "the time of each stage of our router",
}


@dataclass(frozen=True)
class Chosen:
    """What to measure."""

    parts: frozenset[str]
    cases: tuple[Case, ...]
    contenders: tuple[Contender, ...]


def main() -> None:
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 140)
    chosen, effort = _chosen(arguments.only), QUICK if arguments.quick else Effort()
    measured: dict[str, Any] = {}
    if "stages" in chosen.parts:
        measured["stages"] = measure_stages(console, chosen.cases, quick=arguments.quick)
    if "planning" in chosen.parts:
        measured["planning"] = measure_planning(console, quick=arguments.quick)
    if "load" in chosen.parts:
        measured["load"] = report.as_json(_load(console, chosen, effort))
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=2) + "\n")


def _load(console: Console, chosen: Chosen, effort: Effort) -> list[Result]:
    every: list[Result] = []
    tell = Console(stderr=True)
    with tell.status("starting") as status:
        try:
            for results in measure(chosen.cases, chosen.contenders, effort, status.update):
                every += results
                case = next(case for case in chosen.cases if case.name == results[0].case)
                console.print(report.case_table(case, results))
        except (DidNotStart, WrongAnswer) as error:
            raise SystemExit(f"Not measured: {error}") from None
    console.print(report.summary_table(chosen.cases, every))
    console.print(report.memory_table(every))
    return every


def _chosen(only: Sequence[str]) -> Chosen:
    """Of parts, cases and contenders, those that are named; of a group in which none is named, all."""
    cases = tuple(case for case in CASES if case.name in only)
    contenders = tuple(contender for contender in CONTENDERS if contender.name in only)
    parts = {part for part in PARTS if part in only} or ({"load"} if cases or contenders else set(PARTS))
    return Chosen(frozenset(parts), cases or CASES, contenders or CONTENDERS)


def _arguments() -> argparse.Namespace:
    named = PARTS | {one.name: one.title for one in (*CASES, *CONTENDERS)}
    names = "\n".join(f"    {name:18}{title}" for name, title in named.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.router",
        description=f"{__doc__}\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", nargs="+", default=[], choices=named, metavar="NAME", help="these parts, cases or contenders"
    )
    parser.add_argument("--quick", action="store_true", help="short rounds: good for ratios of two and more")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every round there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
