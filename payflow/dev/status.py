"""`payflow status`: what runs, for people as a table and for scripts as JSON."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from payflow.dev.folders import Folders
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
    """The parts as they are now; `external` names the servers that somebody else runs."""

    parts: list[PartStatus]
    external: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Every part is up and answers."""
        return all(part.is_up for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """`{"ready", "parts": [{"name", "state", "health", "pid", "port", "restarts"}], "external"}`."""
        return {"ready": self.ready, "parts": [_part(part) for part in self.parts], "external": self.external}

    def as_table(self) -> Table:
        """One row a part."""
        table = Table("part", "state", "health", "pid", "port", "restarts", "since", box=None, header_style="bold")
        for part in self.parts:
            cells = (part.health, part.pid, part.port, part.restarts, _age(part))
            style = STATE_STYLES[part.state]
            table.add_row(
                part.name, f"[{style}]{part.state}[/]", *("" if cell is None else str(cell) for cell in cells)
            )
        return table


def report_status(folders: Folders) -> StatusReport:
    """Read what the supervisor last wrote; where no supervisor lives, everything is down."""
    status = StackStatus.read(folders.state) if holder(folders) is not None else None
    if status is None:
        return StatusReport([PartStatus(name) for name in PART_NAMES])
    return StatusReport(status.parts, status.external)


def _part(part: PartStatus) -> dict[str, Any]:
    names = ("name", "state", "health", "pid", "port", "restarts")
    return {name: getattr(part, name) for name in names}


def _age(part: PartStatus) -> str | None:
    """How long the present process has lived, roughly."""
    if part.started is None:
        return None
    seconds = int(time.time() - part.started)
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
