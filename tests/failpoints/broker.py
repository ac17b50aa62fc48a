"""A broker that outlives the process that publishes: one file a topic, one line a record, the offset is the place in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from payflow.kernel.publisher import Partition, Position, Record


@dataclass(frozen=True, slots=True)
class FileBroker:
    """A Publisher with one partition a topic."""

    folder: Path

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        return [Position(0, self._append(record)) for record in records]

    async def end_offsets(self, topic: str) -> dict[int, int]:
        path = self.folder / topic
        return {0: path.stat().st_size if path.exists() else 0}

    async def values_at(self, offsets: Mapping[Partition, int]) -> dict[Partition, dict[str, Any] | None]:
        return {at: found for at, offset in offsets.items() if (found := self._value_at(at[0], offset)) is not None}

    async def close(self) -> None:
        """Nothing is kept open."""

    def published(self, topic: str) -> list[dict[str, Any]]:
        """Every record's value, copies included, oldest first."""
        path = self.folder / topic
        return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []

    def _value_at(self, topic: str, offset: int) -> dict[str, Any] | None:
        path = self.folder / topic
        line = path.read_bytes()[offset:].partition(b"\n")[0] if path.exists() else b""
        value: dict[str, Any] | None = orjson.loads(line) if line else None
        return value

    def _append(self, record: Record) -> int:
        with (self.folder / record.topic).open("ab") as log:
            offset = log.seek(0, 2)
            log.write(orjson.dumps(record.value) + b"\n")
        return offset
