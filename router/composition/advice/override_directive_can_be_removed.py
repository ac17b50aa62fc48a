"""OVERRIDE_DIRECTIVE_CAN_BE_REMOVED: the overridden field is gone already; the @override can go."""

from __future__ import annotations

from router.composition.hints import HintCode
from router.composition.model.overriding import Override


def hint_absent(override: Override) -> None:
    """Tell that the other subgraph lacks the field."""
    problem = f'subgraph "{override.from_}" has no such field: the @override can go'
    override.hint(HintCode.OVERRIDE_DIRECTIVE_CAN_BE_REMOVED, problem)


def hint_external(override: Override) -> None:
    """Tell that the other subgraph marks the field external."""
    problem = f'subgraph "{override.from_}" marks it @external and does not resolve it any more: the @override can go'
    override.hint(HintCode.OVERRIDE_DIRECTIVE_CAN_BE_REMOVED, problem)
