"""What can keep a world from being made. Every message is one sentence that says what to do."""

from __future__ import annotations

from payflow.kernel.errors import PayflowError


class SeedFailed(PayflowError):
    """The platform is not there, is not one for this, or said no."""
