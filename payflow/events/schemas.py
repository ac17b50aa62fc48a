"""The JSON Schema of every event, envelope and data, for consumers outside of this code base.

`python -m payflow.events.schemas schema/events` writes them; they are committed, and tests hold them against the code and against what
was released before (see `payflow.events.released`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, create_model

from payflow.events import released
from payflow.events.catalogue import EVENTS
from payflow.events.envelope import EXTENSIONS, CloudEvent, EventData

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def render() -> dict[str, str]:
    """File name → JSON Schema (draft 2020-12), for every type of the catalogue."""
    return {f"{event.TYPE}.json": _text(schema_of(event)) for event in EVENTS}


def by_type() -> dict[str, dict[str, Any]]:
    """Event type → its schema."""
    return {event.TYPE: schema_of(event) for event in EVENTS}


def schema_of(event: type[EventData]) -> dict[str, Any]:
    """The schema of a whole record of this type: a CloudEvent whose `data` says what happened.

    Fields that nobody here knows are allowed, since within a version fields are only ever added.
    """
    schema = _record_model(event).model_json_schema(mode="serialization")
    schema["required"] = [name for name in schema["required"] if name not in EXTENSIONS]
    for name in EXTENSIONS:
        del schema["properties"][name]["default"]
    about = {"title": event.TYPE, "description": f"{event.__doc__} Topic {event.TOPIC}, keyed by `subject`."}
    return {"$schema": DIALECT, "$id": f"{event.TYPE}.json", **schema, **about}


def write(folder: Path) -> None:
    """Write the schemas, remove those of types that are gone, and record what is new of them as released."""
    folder.mkdir(parents=True, exist_ok=True)
    schemas = render()
    for stale in set(folder.glob("*.json")) - {folder / name for name in schemas}:
        stale.unlink()
    for name, text in schemas.items():
        (folder / name).write_text(text)
    released.record(folder, by_type())


def _record_model(event: type[EventData]) -> type[BaseModel]:
    fields: dict[str, Any] = {
        "type": (Literal[event.TYPE], ...),
        "source": (Literal[event.SOURCE], ...),
        "data": (event, ...),
    }
    return create_model("CloudEvent", __base__=CloudEvent, **fields)


def _text(schema: dict[str, Any]) -> str:
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE).decode()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
