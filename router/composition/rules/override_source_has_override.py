"""OVERRIDE_SOURCE_HAS_OVERRIDE: of two subgraphs only one takes a field over from the other."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.merging import Source
from router.composition.model.overriding import Override
from router.composition.model.schema import Field


def report(override: Override, loser: Source[Field]) -> None:
    """Report an override of a field that carries @override itself."""
    problem = f'subgraph "{override.from_}" overrides the field itself: remove one of the two @override'
    others = (directive.place for directive in loser.element.applied("override"))
    override.error(Code.OVERRIDE_SOURCE_HAS_OVERRIDE, problem, places=others)
