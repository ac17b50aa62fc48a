"""What a consumer needs of a broker, whichever it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A record of a topic's log, as it was received. `taken_at` is when the broker was given it, in seconds since the epoch."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    taken_at: float | None = None


class Consumer(Protocol):
    """One member of a consumer group. It joins by its first poll; the partitions of its topics are shared among the members."""

    async def poll(self, *, most: int, wait_s: float) -> list[Message]:
        """The next messages, per partition in the order of its log; none where nothing came in time.

        A partition starts behind what its group has committed, or at the start of its log. Raises DependencyUnavailable
        where the broker cannot be reached: the member has then left, and its next poll joins anew.
        """
        ...

    async def commit(self, messages: Sequence[Message]) -> None:
        """These are done: their partitions go on behind them, whoever reads them next. Raises DependencyUnavailable.

        Where a partition belongs to another member by now, nothing is committed for it and that one gets them again.
        """
        ...

    def holds(self) -> bool:
        """Whether what the last poll brought is still this member's. Where not it is dropped: who has it now gets it again."""
        ...

    async def rewind(self, topic: str, *, since: datetime | None, but: Collection[int]) -> set[int]:
        """Go back in those of this member's partitions that are not in `but`, and commit that; answers which those were.

        To the first record that the broker took at `since` or later (some brokers look less closely and go back further), or to
        the start of the log. Never forward. Call it between two polls, with nothing being delivered. Raises DependencyUnavailable.
        """
        ...

    def partitions(self, topic: str) -> set[int]:
        """All partitions of the topic, whoever reads them; none where that is not known yet."""
        ...

    def lag(self) -> Mapping[str, int]:
        """For each topic how many records of this member's partitions wait to be polled, as of the last poll."""
        ...

    async def close(self) -> None:
        """Leave the group. What was polled and not committed is delivered again, here after the next poll or elsewhere."""
        ...


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a group is behind in one partition. `seconds` is the age of the next record that it has to read, 0 where none waits."""

    topic: str
    partition: int
    records: int
    seconds: float


def next_offsets(messages: Sequence[Message]) -> dict[tuple[str, int], int]:
    """By topic and partition, the offset behind the last of the messages."""
    offsets: dict[tuple[str, int], int] = {}
    for message in messages:
        at = (message.topic, message.partition)
        offsets[at] = max(offsets.get(at, 0), message.offset + 1)
    return offsets
