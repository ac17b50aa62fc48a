"""Whether an event's schema still is what its readers know: within a major version, fields are only ever added.

Old readers get new events and new readers get old ones (a replay brings them years later), so a change has to be harmless both ways:
Confluent calls that FULL_TRANSITIVE. What a schema says to people (titles, descriptions) does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Schema = Mapping[str, Any]
Rule = Literal[
    "removed", "retyped", "newly required", "no longer required", "value removed", "value added", "type gone"
]

FOR_PEOPLE = frozenset({"title", "description", "default", "$id", "$schema", "$defs", "examples"})

_NEW_MAJOR = "publish what is meant as a new major version beside this one (docs/events.md)"
_WAYS_OUT: Mapping[Rule, str] = {
    "removed": f"keep it; to be rid of it, {_NEW_MAJOR}",
    "retyped": f"leave it and add a field of another name, or {_NEW_MAJOR}",
    "newly required": "give it a default: events that were written before lack it",
    "no longer required": f"keep it required, since readers count on it, or {_NEW_MAJOR}",
    "value removed": f"keep the value, which old events have, or {_NEW_MAJOR}",
    "value added": f"readers refuse values they do not know: say it in a field of its own, or {_NEW_MAJOR};"
    " only a field that always was `Literal[...] | str` may get more",
    "type gone": "keep it in the catalogue while a log or an outbox may hold one; behind that, remove its released schemas too",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A change that some reader would choke on. `field` is its path within the record, e.g. `data.amount`."""

    file: str
    field: str
    rule: Rule
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.rule}{self.detail}. Way out: {_WAYS_OUT[self.rule]}."


def violations(file: str, *, released: Schema, today: Schema) -> list[Violation]:
    """What of today's schema is not compatible with a released one, in the order of the released one's fields."""
    return list(_compare(file, "", shape(released), shape(today)))


def shape(schema: Schema) -> dict[str, Any]:
    """What a schema demands of a record: references followed, words for people left out."""
    return _resolved(schema, schema.get("$defs", {}))


def _compare(file: str, field: str, released: Schema, today: Schema) -> Iterator[Violation]:
    if released.get("type") == today.get("type") == "object" and "properties" in released:
        yield from _compare_objects(file, field, released, today)
    elif "enum" in released and "enum" in today and _rest(released) == _rest(today):
        yield from _compare_values(file, field, released["enum"], today["enum"])
    elif released != today:
        yield Violation(file, field, "retyped", f" from {_words(released)} to {_words(today)}")


def _compare_objects(file: str, field: str, released: Schema, today: Schema) -> Iterator[Violation]:
    before, after = released["properties"], today.get("properties", {})
    for name in before:
        path = f"{field}.{name}".lstrip(".")
        if name not in after:
            yield Violation(file, path, "removed")
        else:
            yield from _compare(file, path, before[name], after[name])
    was_required, is_required = released.get("required", []), today.get("required", [])
    for name in sorted(set(is_required) - set(was_required)):
        yield Violation(file, f"{field}.{name}".lstrip("."), "newly required")
    for name in sorted((set(was_required) - set(is_required)) & set(after)):
        yield Violation(file, f"{field}.{name}".lstrip("."), "no longer required")


def _compare_values(file: str, field: str, released: list[Any], today: list[Any]) -> Iterator[Violation]:
    for value in released:
        if value not in today:
            yield Violation(file, field, "value removed", f" ({value!r})")
    for value in today:
        if value not in released:
            yield Violation(file, field, "value added", f" ({value!r})")


def _resolved(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Any]:
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    found = {name: value for name, value in schema.items() if name not in FOR_PEOPLE}
    if "properties" in found:
        found["properties"] = {name: _resolved(value, definitions) for name, value in found["properties"].items()}
    if "items" in found:
        found["items"] = _resolved(found["items"], definitions)
    if "anyOf" in found:
        found["anyOf"] = _alternatives([_resolved(value, definitions) for value in found["anyOf"]])
    return found


def _alternatives(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In one order; where any string will do, the values that are named besides are words for people."""
    if {"type": "string"} in found:
        found = [one for one in found if one == {"type": "string"} or one.get("type") != "string"]
    return sorted(found, key=repr)


def _rest(schema: Schema) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "enum"}


def _words(schema: Schema) -> str:
    return " ".join(f"{name}={value!r}" for name, value in sorted(schema.items())) or "anything"
