"""Measures transfers on one platform, everything on this machine: the database beside pgbench, and whole transfers through the router.

python -m benchmarks.transfers              some three minutes
python -m benchmarks.transfers --quick      one
"""

from __future__ import annotations

import argparse
import sys

import uvloop
from rich.console import Console

from benchmarks.transfers import report
from benchmarks.transfers.platform import DidNotStart, Platform, running_platform
from benchmarks.transfers.postings import measure_postings
from benchmarks.transfers.whole import Effort, WrongAnswer, measure_whole

DATABASE_CLIENTS = 8
QUICK = Effort(people=40, warm_up_s=4, closed_s=8, open_s=8)


def main() -> None:
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 120)
    effort = QUICK if arguments.quick else Effort()
    try:
        with running_platform() as platform:
            uvloop.run(_measure(platform, effort, console))
    except* (DidNotStart, WrongAnswer) as errors:
        raise SystemExit(f"Not measured: {errors.exceptions[0]}") from None


async def _measure(platform: Platform, effort: Effort, console: Console) -> None:
    postings = await measure_postings(platform, clients=DATABASE_CLIENTS, seconds=effort.closed_s)
    console.print(report.database_table(postings, clients=DATABASE_CLIENTS))
    whole = await measure_whole(platform, effort)
    console.print(report.whole_table(whole, postings.tpcb))
    console.print(report.cpu_table(whole))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.transfers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="short loads: good for ratios of two and more")
    return parser.parse_args()


if __name__ == "__main__":
    main()
