"""OVERRIDE_MIGRATION_IN_PROGRESS: a labelled override is under way."""

from __future__ import annotations

from router.composition.hints import HintCode
from router.composition.model.overriding import Override


def hint(override: Override, *, used: bool) -> None:
    """Tell that both subgraphs serve the field for now, and what to do in the end; `used` says that the old one needs it."""
    way_out = "mark it @external there, or remove it with all that uses it" if used else "remove it there"
    problem = (
        f'it moves here from subgraph "{override.from_}" under the label "{override.label}": when it has, {way_out}'
    )
    override.hint(HintCode.OVERRIDE_MIGRATION_IN_PROGRESS, problem)
