"""`payflow status`: what runs, for people as a table and for scripts as JSON."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from payflow.dev.environment import HOST
from payflow.dev.folders import Folders
from payflow.dev.probes import page_answers
from payflow.dev.stack import PART_NAMES
from payflow.dev.state import PartState, PartStatus, StackStatus, holder

STATE_STYLES = {
    PartState.UP: "green",
    PartState.DOWN: "red",
    PartState.STARTING: "yellow",
    PartState.RESTARTING: "yellow",
}


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The parts as they are now; `external` names the servers that somebody else runs, `page` where the web client answers."""

    parts: list[PartStatus]
    external: list[str] = field(default_factory=list)
    page: str | None = None

    @property
    def ready(self) -> bool:
        """Every part is up and answers."""
        return all(part.is_up for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """`{"ready", "parts": [{"name", "state", "health", "pid", "port", "restarts"}], "external", "page"}`."""
        parts = [_part(part) for part in self.parts]
        return {"ready": self.ready, "parts": parts, "external": self.external, "page": self.page}

    def as_table(self) -> Table:
        """One row a part, and where the page is."""
        table = Table("part", "state", "health", "pid", "port", "restarts", "since", box=None, header_style="bold")
        table.caption, table.caption_justify = f"page  {self.page or self._why_no_page()}", "left"
        for part in self.parts:
            cells = (part.health, part.pid, part.port, part.restarts, _age(part))
            style = STATE_STYLES[part.state]
            table.add_row(
                part.name, f"[{style}]{part.state}[/]", *("" if cell is None else str(cell) for cell in cells)
            )
        return table

    def _why_no_page(self) -> str:
        if any(part.name == "router" and part.is_up for part in self.parts):
            return "is not built: `payflow web build`"
        return "is not there: the router is not up"


def report_status(folders: Folders) -> StatusReport:
    """Read what the supervisor last wrote; where no supervisor lives, everything is down."""
    status = StackStatus.read(folders.state) if holder(folders) is not None else None
    if status is None:
        return StatusReport([PartStatus(name) for name in PART_NAMES])
    return StatusReport(status.parts, status.external, _page(status))


def _page(status: StackStatus) -> str | None:
    """Where the router answers a browser with the web client; None where it says that there is none."""
    is_up = any(part.name == "router" and part.is_up for part in status.parts)
    return f"http://{HOST}:{status.port}/" if is_up and asyncio.run(page_answers(status.port)) else None


def _part(part: PartStatus) -> dict[str, Any]:
    names = ("name", "state", "health", "pid", "port", "restarts")
    return {name: getattr(part, name) for name in names}


def _age(part: PartStatus) -> str | None:
    """How long the present process has lived, roughly."""
    if part.started is None:
        return None
    seconds = int(time.time() - part.started)
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
