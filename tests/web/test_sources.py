"""The web client's own checks and unit tests, run as whoever works on it runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.sources import PATIENCE_S, payflow_web

pytestmark = pytest.mark.timeout(PATIENCE_S + 20)


def test_they_are_clean(tmp_path: Path) -> None:
    """Lint, the rule of who may import whom, format and types."""
    payflow_web("check", tmp_path)


def test_their_units(tmp_path: Path) -> None:
    """Money, sessions, commands, resumption and the rest of what is pure."""
    assert "passed" in payflow_web("test", tmp_path)
