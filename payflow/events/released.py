"""The schemas that events were ever written by: numbered revisions of each type, which today's must stay compatible with.

They stand in schema/events/released/<type>/<number>.json. `make schema` adds a revision where a type is new or has got fields; what is
not compatible is never added, and `make check` says why. A revision that was not merged yet may be deleted and made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

from payflow.events.compatibility import Schema, Violation, shape, violations

FOLDER = "released"


def revisions(schemas: Path, event_type: str) -> list[Schema]:
    """All that were released of a type, the oldest first."""
    return [orjson.loads(path.read_bytes()) for path in _paths(schemas, event_type)]


def incompatibilities(schemas: Path, today: Mapping[str, Schema]) -> list[Violation]:
    """What is wrong with today's schemas, by type, as seen by readers of any released revision."""
    gone = sorted({path.name for path in (schemas / FOLDER).glob("*")} - set(today))
    found = [Violation(f"{event_type}.json", "type", "type gone") for event_type in gone]
    for event_type, schema in today.items():
        found += _of_type(schemas, event_type, schema)
    return found


def unrecorded(schemas: Path, today: Mapping[str, Schema]) -> list[str]:
    """The types whose newest revision is not what they are today."""
    return [event_type for event_type, schema in today.items() if not _is_newest(schemas, event_type, schema)]


def record(schemas: Path, today: Mapping[str, Schema]) -> list[Path]:
    """Add a revision of each type that is new or has changed compatibly; answers the files."""
    written = []
    for event_type in unrecorded(schemas, today):
        if not _of_type(schemas, event_type, today[event_type]):
            path = schemas / FOLDER / event_type / f"{len(_paths(schemas, event_type)) + 1}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                orjson.dumps(
                    today[event_type], option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
                )
            )
            written.append(path)
    return written


def _of_type(schemas: Path, event_type: str, today: Schema) -> list[Violation]:
    """Each once, however many revisions it is against."""
    known = revisions(schemas, event_type)
    found = [one for released in known for one in violations(f"{event_type}.json", released=released, today=today)]
    return list(dict.fromkeys(found))


def _is_newest(schemas: Path, event_type: str, today: Schema) -> bool:
    known = revisions(schemas, event_type)
    return bool(known) and shape(known[-1]) == shape(today)


def _paths(schemas: Path, event_type: str) -> list[Path]:
    return sorted((schemas / FOLDER / event_type).glob("*.json"), key=lambda path: int(path.stem))
