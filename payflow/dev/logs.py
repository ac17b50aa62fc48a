"""Log files of the parts: one each, appended to by the part itself and kept within a bound by us.

A part writes to its file, never to a pipe: a terminal that stands still cannot hold up a payment, and a supervisor that
dies breaks nobody's standard output.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

LOG_BYTES_MAX = 8 * 1024 * 1024  # per part, and once more for the older half
_TAIL_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Logs:
    """The folder of log files, `<part>.log` and `<part>.log.1`."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def open(self, name: str) -> BinaryIO:
        """Open for appending, as a child's stdout and stderr."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.path(name).open("ab")

    def bound(self) -> None:
        """Move what is beyond the bound to `.log.1`. Writers append, so after the cut they go on at the new end."""
        for path in self.folder.glob("*.log"):
            if path.stat().st_size > LOG_BYTES_MAX:
                shutil.copyfile(path, path.with_name(f"{path.name}.1"))
                with path.open("ab") as file:
                    file.truncate(0)

    def last_words(self, name: str) -> str:
        """The last line a part wrote that says something: what to quote when it has died."""
        try:
            with self.path(name).open("rb") as file:
                file.seek(max(0, self.path(name).stat().st_size - _TAIL_BYTES))
                lines = file.read().decode(errors="replace").strip().splitlines()
        except FileNotFoundError:
            return ""
        return _message(lines[-1]) if lines else ""

    def journal(self, event: str, **fields: object) -> None:
        """Write what the supervisor itself has to say, as a log line of the part `payflow`."""
        line = {"timestamp": datetime.now(UTC).isoformat(), "level": "info", **fields, "event": event}
        with self.open("payflow") as file:
            file.write(json.dumps(line).encode() + b"\n")


def _message(line: str) -> str:
    try:
        parsed = json.loads(line)
    except ValueError:
        return line
    return str(parsed.get("event", line)) if isinstance(parsed, dict) else line
