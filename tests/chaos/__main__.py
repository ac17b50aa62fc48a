"""Kills parts of a platform under load and accounts for every intent: `python -m tests.chaos --minutes 10 --seed 7`.

The exit code says whether anything is wrong; then databases, logs and the intent log are kept, and where is told. The same seed gives
the same kills at the same times.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.chaos.outcome import show
from tests.chaos.run import Options, run

REPORT_WIDTH = 140  # where there is no terminal, e.g. in a log


def main() -> int:
    """0 where every intent is accounted for, else 1."""
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else REPORT_WIDTH)
    console.print(
        f"Seed {options.seed}, {len(options.kills)} kills: {', '.join(map(str, options.kills))}", soft_wrap=True
    )
    folder = Path(tempfile.mkdtemp(prefix="payflow-chaos-"))
    folder.chmod(0o711)  # PostgreSQL runs as another account where we are root
    console.print(f"Databases, logs and intents are in {folder} until all is well", soft_wrap=True)
    outcome = run(options, folder, lambda line: console.print(line, highlight=False))
    show(outcome, console)
    if outcome.is_right:
        shutil.rmtree(folder)
        return 0
    again = f"python -m tests.chaos --minutes {options.duration_s / 60:g} --seed {options.seed} --gap {options.gap_s:g}"
    console.print(
        f"Kept for you to look at: {folder}. The same run again: {again} --rate {options.rate:g}", soft_wrap=True
    )
    return 1


def _options() -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("--minutes", type=float, default=10, help="how long parts are killed (10)")
    parser.add_argument("--seed", type=int, default=1, help="what the kills and the load follow from (1)")
    parser.add_argument("--gap", type=float, default=9, help="seconds between kills, on average (9)")
    parser.add_argument("--rate", type=float, default=20, help="intents a second (20)")
    told = parser.parse_args()
    return Options(seed=told.seed, duration_s=told.minutes * 60, gap_s=told.gap, rate=told.rate)


if __name__ == "__main__":
    sys.exit(main())
