"""Recorded events, as they stood in a log once: `samples/<type>/<name>.json`. They are never edited, only added to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from payflow.events.envelope import CloudEvent, read_envelope

FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """One record; `type` is the folder's word, not the record's own."""

    type: str
    name: str
    value: bytes

    @property
    def event(self) -> CloudEvent:
        return read_envelope(self.value)

    @property
    def id(self) -> UUID:
        return self.event.id

    def __str__(self) -> str:
        return f"{self.type}/{self.name}"


SAMPLES = tuple(Sample(path.parent.name, path.stem, path.read_bytes()) for path in sorted(FOLDER.glob("*/*.json")))
