"""OVERRIDE_FROM_SELF_ERROR: a subgraph takes a field over from another."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.overriding import Override


def report(override: Override) -> None:
    """Report an override of the subgraph's own field."""
    override.error(
        Code.OVERRIDE_FROM_SELF_ERROR, "a subgraph cannot override itself: name the one that the field moves away from"
    )
