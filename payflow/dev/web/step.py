"""The web client as a step of `payflow up`: beside everything else, and never in its way."""

from __future__ import annotations

from pathlib import Path

from payflow.dev.logs import Logs
from payflow.dev.reporter import Reporter
from payflow.dev.supervisor import Step
from payflow.dev.web.building import bring_up_to_date
from payflow.dev.web.errors import WebError


def web_step(project: Path, logs: Logs, reporter: Reporter) -> Step:
    """Bring the page up to date. Where that fails it is said and logged, and the API is there without it, or with the one of before."""

    async def run() -> None:
        try:
            await bring_up_to_date(project, logs, reporter.progress)
        except WebError as error:
            logs.journal("the web client is not built", level="warning", reason=str(error))
            reporter.note(
                f"The web client is not built: {error}. The API runs without it; `payflow web build` tries again"
            )

    return Step(name="web", doing="Looking at the web client", run=run)
