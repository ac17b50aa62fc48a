"""The merged view: the log files of all parts as one coloured stream, in the foreground of `payflow up`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

POLL_S = 0.15
READ_BYTES_MAX = 256 * 1024  # per file and poll; what a part shouts beyond that, its file still has
NAME_WIDTH = 22
COLOURS = ("cyan", "green", "magenta", "blue", "yellow", "bright_cyan", "bright_green", "bright_magenta", "bright_blue")
LEVEL_STYLES = {"debug": "dim", "info": "green", "warning": "yellow", "error": "red", "critical": "bold red"}
_NOT_FIELDS = frozenset({"event", "level", "timestamp", "service", "logger"})


@dataclass(slots=True)
class MergedView:
    """Follows every `*.log` of a folder from its present end."""

    folder: Path
    console: Console
    _offsets: dict[Path, int] = field(default_factory=dict)
    _styles: dict[str, str] = field(default_factory=dict)

    def skip_to_end(self) -> None:
        """Show only what is written from now on."""
        self._offsets = {path: path.stat().st_size for path in self.folder.glob("*.log")}

    async def follow(self) -> None:
        """Print new lines until cancelled."""
        while True:
            self.print_new_lines()
            await asyncio.sleep(POLL_S)

    def print_new_lines(self) -> None:
        """Print what has been written since the last time."""
        for path in sorted(self.folder.glob("*.log")):
            for line in self._new_lines(path):
                self.console.print(self._row(path.stem, line), soft_wrap=True)

    def _new_lines(self, path: Path) -> list[str]:
        size, offset = path.stat().st_size, self._offsets.get(path, 0)
        if size < offset:  # the file was cut to its bound
            offset = 0
        offset = max(offset, size - READ_BYTES_MAX)
        with path.open("rb") as file:
            file.seek(offset)
            new = file.read(size - offset)
        whole, _, unfinished = new.rpartition(b"\n")
        self._offsets[path] = size - len(unfinished)
        return whole.decode(errors="replace").splitlines()

    def _row(self, name: str, line: str) -> Text:
        style = self._styles.setdefault(name, COLOURS[len(self._styles) % len(COLOURS)])
        return Text.assemble((f"{name:<{NAME_WIDTH}} ", style), readable(line))


def readable(line: str) -> Text:
    """A JSON log line as `time level message field=value …`; any other line as it is."""
    try:
        entry = json.loads(line)
    except ValueError:
        return Text.from_ansi(line)
    return _entry(entry) if isinstance(entry, dict) and "event" in entry else Text(line)


def _entry(entry: dict[str, Any]) -> Text:
    level = str(entry.get("level", "info"))
    clock = str(entry.get("timestamp", "")).partition("T")[2][:12]
    text = Text.assemble((f"{clock} ", "dim"), (f"{level:<8}", LEVEL_STYLES.get(level, "")), str(entry["event"]))
    for name, value in entry.items():
        if name not in _NOT_FIELDS:
            text.append(f" {name}=", style="dim").append(str(value))
    return text
