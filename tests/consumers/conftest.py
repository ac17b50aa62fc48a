"""What the consumers' tests share: settings and databases of the services that own them."""

from __future__ import annotations

from tests.subgraphs.conftest import keys, make_settings

__all__ = ["keys", "make_settings"]
