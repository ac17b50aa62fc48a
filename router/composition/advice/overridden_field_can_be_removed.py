"""OVERRIDDEN_FIELD_CAN_BE_REMOVED: another subgraph overrides the field, which can go."""

from __future__ import annotations

from router.composition.hints import HintCode
from router.composition.model.overriding import Override


def hint(override: Override, *, used: bool) -> None:
    """Tell what to do with a field that is never asked of the overridden subgraph; `used` says that it still needs it."""
    way_out = "mark it @external there, or remove it with all that uses it" if used else "remove it there"
    problem = f'subgraph "{override.from_}" is never asked for it: {way_out}'
    override.hint(HintCode.OVERRIDDEN_FIELD_CAN_BE_REMOVED, problem)
