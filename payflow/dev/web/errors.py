"""What can keep the web client from being built. Every message is one sentence, and names what to do."""

from __future__ import annotations

from payflow.dev.errors import StackError


class WebError(StackError):
    """The web client is not built, checked or tested."""


class NoNode(WebError):
    """There is no Node that is new enough."""


class NotBuilt(WebError):
    """npm or the build failed, or took too long. The log that the message names has the rest."""
