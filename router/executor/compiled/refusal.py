"""The two ways out of compiled code: a plan that is not compiled at all, and a run that goes back to the generic engine."""

from __future__ import annotations

from router.executor.execution import Deopt

__all__ = ["Deopt", "Refused"]


class Refused(Exception):
    """The plan has something that compiled code does not do; the message says what."""
