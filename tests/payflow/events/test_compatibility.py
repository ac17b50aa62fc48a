"""Compatibility of event schemas: what is harmless passes, what is not is named with file, field, rule and way out."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from payflow.events.compatibility import violations
from payflow.events.released import incompatibilities, record, revisions, unrecorded


class Inner(BaseModel):
    city: str


class Thing(BaseModel):
    """What is changed below."""

    id: str
    amount: int
    kind: Literal["A", "B"]
    mood: Literal["GOOD", "BAD"] | str = "GOOD"
    note: str | None = None
    place: Inner


SCHEMA = Thing.model_json_schema()
TYPE = "thing.made.v1"

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    schema = deepcopy(SCHEMA)
    change(schema)
    return schema


def found(today: dict[str, Any]) -> list[str]:
    return [f"{one.field}: {one.rule}" for one in violations("thing.json", released=SCHEMA, today=today)]


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: None,
        lambda schema: schema.update(title="Other", description="In other words."),
        lambda schema: schema["properties"]["amount"].update(description="Minor units."),
        lambda schema: schema["properties"].update(more={"type": "string"}),
        lambda schema: schema["$defs"]["Inner"]["properties"].update(street={"type": "string"}),
        lambda schema: schema["properties"]["kind"]["enum"].reverse(),
        lambda schema: schema["properties"]["mood"]["anyOf"][0]["enum"].append("MIXED"),
        lambda schema: schema["properties"]["note"]["anyOf"].reverse(),
    ],
)
def test_what_is_harmless(change: Change) -> None:
    """Words, further optional fields, more values where any string will do, and another order."""
    assert found(changed(change)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda schema: schema["properties"].pop("note"), ["note: removed"]),
        (lambda schema: schema["$defs"]["Inner"]["properties"].pop("city"), ["place.city: removed"]),
        (lambda schema: schema["properties"]["amount"].update(type="string"), ["amount: retyped"]),
        (lambda schema: schema["properties"]["amount"].update(minimum=1), ["amount: retyped"]),
        (lambda schema: schema["properties"]["note"]["anyOf"].pop(), ["note: retyped"]),
        (lambda schema: schema["required"].append("note"), ["note: newly required"]),
        (lambda schema: schema["required"].remove("amount"), ["amount: no longer required"]),
        (lambda schema: schema["properties"]["kind"]["enum"].remove("A"), ["kind: value removed"]),
        (lambda schema: schema["properties"]["kind"]["enum"].append("C"), ["kind: value added"]),
        (
            lambda schema: (schema["properties"].update(more={"type": "string"}), schema["required"].append("more")),
            ["more: newly required"],
        ),
        (
            lambda schema: schema["properties"].update(total=schema["properties"].pop("amount")),
            ["amount: removed"],
        ),
    ],
)
def test_what_breaks_a_reader(change: Change, expected: list[str]) -> None:
    """Removed, renamed, retyped, narrowed, newly or no longer required; values of a closed set."""
    assert found(changed(change)) == expected


def test_a_violation_is_told_with_its_way_out() -> None:
    """One line: file, field, rule, and what to do instead."""
    [violation] = violations(
        "thing.json", released=SCHEMA, today=changed(lambda schema: schema["required"].append("note"))
    )

    assert str(violation) == (
        "thing.json: note: newly required. Way out: give it a default: events that were written before lack it."
    )


def test_every_revision_counts(tmp_path: Path) -> None:
    """A field that came with the second revision may not go in the third; one that breaks is never recorded."""
    grown = changed(lambda schema: schema["properties"].update(more={"type": "string"}))
    assert [path.name for path in record(tmp_path, {TYPE: SCHEMA})] == ["1.json"]
    assert unrecorded(tmp_path, {TYPE: grown}) == [TYPE]
    assert [path.name for path in record(tmp_path, {TYPE: grown})] == ["2.json"]
    assert record(tmp_path, {TYPE: grown}) == []

    assert [str(one).partition(". ")[0] for one in incompatibilities(tmp_path, {TYPE: SCHEMA})] == [
        "thing.made.v1.json: more: removed"
    ]
    assert record(tmp_path, {TYPE: SCHEMA}) == []
    assert revisions(tmp_path, TYPE) == [SCHEMA, grown]


def test_a_released_type_stays(tmp_path: Path) -> None:
    """It cannot leave the catalogue while a log may hold one."""
    record(tmp_path, {TYPE: SCHEMA})

    assert [one.rule for one in incompatibilities(tmp_path, {})] == ["type gone"]
