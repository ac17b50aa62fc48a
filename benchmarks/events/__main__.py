"""Measures the way of an event: what a relay and each consumer get done, and how long it is from a commit to the screen that shows it.

python -m benchmarks.events              some two minutes
python -m benchmarks.events --quick      one
"""

from __future__ import annotations

import argparse
import sys

import orjson
import uvloop
from rich.console import Console

from benchmarks.events import report
from benchmarks.events.consuming import measure_consumer
from benchmarks.events.delays import BAR_MS, measure_delays
from benchmarks.events.effort import QUICK, Effort
from benchmarks.events.relaying import measure_relay
from benchmarks.events.report import Measured
from benchmarks.events.screens import NotShown
from benchmarks.events.workshop import running_workshop
from benchmarks.transfers.people import make_people
from benchmarks.transfers.platform import DidNotStart, Platform, running_platform
from benchmarks.transfers.whole import WrongAnswer
from payflow.kernel.log import configure_logging


def main() -> None:
    arguments = _arguments()
    configure_logging(service="benchmark", level="ERROR", form="console")
    effort = QUICK if arguments.quick else Effort()
    try:
        with running_platform() as platform:
            measured = _measure(platform, effort)
    except* (DidNotStart, NotShown, WrongAnswer) as errors:
        raise SystemExit(f"Not measured: {_first(errors)}") from None
    if arguments.json:
        print(orjson.dumps(report.figures(measured), option=orjson.OPT_INDENT_2).decode())
    else:
        console = Console(width=None if sys.stdout.isatty() else 120)
        console.print(report.throughput_table(measured), report.delays_table(measured, bar_ms=BAR_MS))


def _measure(platform: Platform, effort: Effort) -> Measured:
    people = uvloop.run(make_people(f"http://127.0.0.1:{platform.port}/graphql", effort.people))
    with running_workshop(platform) as workshop:
        relay = uvloop.run(measure_relay(workshop, people, effort))
        consumers = {name: measure_consumer(name, workshop, effort) for name in ("notifications", "rewards")}
    delays = uvloop.run(measure_delays(platform, people, effort))
    return Measured(relay=relay, consumers=consumers, delays=delays)


def _first(error: BaseException) -> BaseException:
    """What is innermost: tasks that failed together say only that they did."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.events", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer events and a short load: good for ratios of two and more"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
