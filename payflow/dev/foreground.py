"""`payflow up` in the foreground: the spinner, the merged view of all logs, and the end by Ctrl-C."""

from __future__ import annotations

import asyncio

from rich.console import Console

from payflow.dev.reporter import TerminalReporter
from payflow.dev.up import UpOptions, run_stack
from payflow.dev.view import MergedView


async def run_in_foreground(options: UpOptions, console: Console) -> None:
    """Run the stack and show what it logs. Raises as `run_stack` does."""
    reporter = TerminalReporter(console)
    view = MergedView(options.folders.logs, console)
    view.skip_to_end()
    following = asyncio.create_task(view.follow())
    try:
        with reporter.waiting():
            await run_stack(options, reporter)
    finally:
        following.cancel()
        view.print_new_lines()
    console.print("PayFlow has stopped.")
