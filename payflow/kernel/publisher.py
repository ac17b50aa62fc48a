"""What a broker is to those who publish: records go in, in order, and come back with the place where each is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from payflow.kernel.errors import DependencyUnavailable

Partition = tuple[str, int]
"""A topic and the number of one of its partitions."""


@dataclass(frozen=True, slots=True)
class Record:
    """What goes to the broker: a JSON object under a key of a topic."""

    topic: str
    key: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the broker keeps a record it has acknowledged."""

    partition: int
    offset: int


class NotAllAcknowledged(DependencyUnavailable):
    """The broker has acknowledged the first records of a batch, and then one it has not; `positions` are those of the first."""

    def __init__(self, message: str, positions: Sequence[Position]) -> None:
        super().__init__(message)
        self.positions = positions


class Publisher(Protocol):
    """Publishes records in order. Raises `DependencyUnavailable` where the broker cannot be reached."""

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        """Send all and wait for all acknowledgements; per key, order is kept. Raises NotAllAcknowledged where some are known."""
        ...

    async def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition of the topic the offset that its next record will get."""
        ...

    async def values_at(self, offsets: Mapping[Partition, int]) -> dict[Partition, dict[str, Any] | None]:
        """What stands at one offset of each partition; where nothing can be read the partition is left out.

        None where the log begins behind that offset, as the broker itself says: it has let go of what is older than its retention.
        """
        ...

    async def close(self) -> None: ...
