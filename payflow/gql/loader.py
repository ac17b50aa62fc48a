"""A DataLoader for whoever lives longer than a request: a caller who is cancelled leaves it as it was.

Strawberry's (0.341) cancels a batch's dispatch with the last of its callers, but goes on to gather loads in that batch, which nobody
dispatches any more: every later load on the same loader waits for ever. So it is not told of cancellations. What is loaded for nobody costs
one statement.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from strawberry.dataloader import DataLoader

Key = TypeVar("Key")
Loaded = TypeVar("Loaded")


class Loader(DataLoader[Key, Loaded]):
    """As DataLoader."""

    def load(self, key: Key) -> Awaitable[Loaded]:
        """What the key leads to, loaded together with what is asked for in the same turn of the event loop."""
        return asyncio.shield(super().load(key))
