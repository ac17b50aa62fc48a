"""Which consumer groups there are, and which topics each reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from consumers import notifications, rewards

TOPICS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(sorted({event.TOPIC for event in events}))
        for name, events in (("notifications", notifications.EVENTS), ("rewards", rewards.EVENTS))
    }
)


def group_of(consumer: str) -> str:
    """What a consumer's group is called at the broker."""
    return f"payflow-{consumer}"
