"""Which generation of the router answers: the current gate, and who is told when another takes its place.

A gate is all that was made from one configuration and one supergraph. A request takes the current one once and keeps it to its end;
what lasts longer listens for the change.
"""

from __future__ import annotations

import asyncio

from router.edge.gate import Gate


class Serving:
    """The gate that answers now. Belongs to one event loop."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        _tell(gate)
        self._changed: asyncio.Event | None = None

    @property
    def changed(self) -> asyncio.Event:
        """Set once another gate takes the place of the current one; each gate has an event of its own."""
        if self._changed is None:
            self._changed = asyncio.Event()
        return self._changed

    def replace(self, gate: Gate) -> Gate:
        """Let `gate` answer from now on, and tell who waits. The one before is given back: requests may still run on it."""
        before, self.gate = self.gate, gate
        _tell(gate)
        if self._changed is not None:
            changed, self._changed = self._changed, None
            changed.set()
        return before


def _tell(gate: Gate) -> None:
    gate.router.telemetry.serves(gate.router.supergraph.fingerprint)
