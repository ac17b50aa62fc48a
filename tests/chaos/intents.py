"""The intent log: what a client means to do reaches the disk before it is sent, and each answer after it has come.

Every intent has a number of its own, and its amount ends in that number: an effect in a database thus names the intent it comes
from, by no key or table of the platform's own making. The checker trusts this file alone.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

MARKS = 1_000_000  # amounts are counted in units of this, and their rest is the intent's number; bounds a run's intents


class Kind(StrEnum):
    """What is asked for."""

    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER = "TRANSFER"
    REFUND = "REFUND"


class Status(StrEnum):
    """What an attempt came to. UNKNOWN: no answer, or one that does not say whether it happened."""

    ACCEPTED = "ACCEPTED"
    PENDING = "PENDING"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """`amount` (minor units) of `wallet_id`; a transfer or a refund goes on to `to_wallet_id`, a deposit comes into `wallet_id`.

    `refund_of` is the transfer that a refund gives back. Ids are as the API writes them.
    """

    number: int
    kind: Kind
    user_id: str
    wallet_id: str
    amount: int
    currency: str
    key: str
    to_wallet_id: str | None = None
    refund_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One attempt's end. `said` is the result's type name or the error; `ref` the id of the entry or transfer, if it names one."""

    status: Status
    said: str
    ref: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether a client stops asking."""
        return self.status in (Status.ACCEPTED, Status.REFUSED)


@dataclass(slots=True)
class History:
    """Everything that was meant and answered, by the intent's number; answers in the order they came."""

    intents: dict[int, Intent] = field(default_factory=dict)
    answers: dict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))

    def final(self, number: int) -> Answer | None:
        """The first final answer; None where there was none."""
        return next((answer for answer in self.answers.get(number, ()) if answer.is_final), None)

    def was_in_doubt(self, number: int) -> bool:
        """Whether an attempt ended without an answer."""
        return any(answer.status is Status.UNKNOWN for answer in self.answers.get(number, ()))

    @classmethod
    def read(cls, path: Path) -> Self:
        """What is on the disk. A last line that was cut off was never sent or never acted upon, and does not count."""
        history = cls()
        for line in _whole_lines(path):
            number = line.pop("number")
            if line.pop("line") == "intent":
                history.intents[number] = Intent(number=number, kind=Kind(line.pop("kind")), **line)
            else:
                history.answers[number].append(Answer(status=Status(line.pop("status")), **line))
        return history


class IntentLog:
    """Appends to the file; what has been awaited is on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self._turn = asyncio.Lock()

    async def mean(self, intent: Intent) -> None:
        """Before it is sent."""
        await self._append({"line": "intent", **asdict(intent)})

    async def answered(self, intent: Intent, answer: Answer) -> None:
        """After an attempt has ended."""
        told = {name.name: getattr(answer, name.name) for name in fields(Answer)}
        await self._append({"line": "answer", "number": intent.number, **told})

    async def _append(self, line: dict[str, Any]) -> None:
        async with self._turn:
            await asyncio.to_thread(self._write, json.dumps(line).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)
