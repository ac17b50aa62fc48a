"""What plans cost, so that they can be compared. Source: the weights of Apollo's query planner."""

from __future__ import annotations

from typing import Final

FETCH: Final = 1000.0  # one more request outweighs any number of fields
FIELD: Final = 1.0
LATER: Final = 100.0  # a request that must wait outweighs many that need not
WAIT: Final = (
    200.0  # of plans with equal requests and waits in sum, the one whose last request waits least: a few fields at most
)


def weight(stage: int) -> float:
    """How much dearer everything is in a later stage: it adds a round trip to every answer."""
    return 1.0 if stage == 0 else LATER * stage


def fetch_cost(stage: int) -> float:
    """The price of one more fetch in a stage."""
    return FETCH * weight(stage) + WAIT * stage * stage


def field_cost(stage: int) -> float:
    """The price of one more field in a fetch of a stage."""
    return FIELD * weight(stage)
