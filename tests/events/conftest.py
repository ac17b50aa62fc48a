"""The settings and databases of the services whose consumers read the recorded events."""

from __future__ import annotations

from tests.subgraphs.conftest import keys, make_settings

__all__ = ["keys", "make_settings"]
