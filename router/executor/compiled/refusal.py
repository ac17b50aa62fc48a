"""Why a plan is not compiled."""

from __future__ import annotations


class Refused(Exception):
    """The plan has something that compiled code does not do; the message says what."""
