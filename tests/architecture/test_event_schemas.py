"""Events stay readable: every schema is compatible with all that were ever released of its type."""

from __future__ import annotations

from pathlib import Path

from payflow.events.released import incompatibilities, unrecorded
from payflow.events.schemas import by_type

SCHEMAS = Path(__file__).parents[2] / "schema" / "events"


def test_todays_schemas_are_compatible_with_every_released_one() -> None:
    """Within a major version fields are only added; each line names file, field, rule and the way out."""
    assert "\n".join(map(str, incompatibilities(SCHEMAS, by_type()))) == ""


def test_every_schema_is_recorded() -> None:
    """What is not recorded cannot be checked later: `make schema` adds the revision, which is committed with the change."""
    assert unrecorded(SCHEMAS, by_type()) == []
