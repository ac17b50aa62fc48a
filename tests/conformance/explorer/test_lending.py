"""What a page around the explorer lends it goes beside what a person has written, never over it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from router.edge.explorer.assets import FOLDER
from tests.conformance.npm import NODE

SOURCE = FOLDER.parent / "source"
SCRIPT = Path(__file__).parent / "lend.mjs"

OLD, NEW = {"authorization": "Bearer old"}, {"authorization": "Bearer new"}


def filled(text: str, lent: dict[str, Any], before: dict[str, Any]) -> str:
    """The headers editor's text after that."""
    given = json.dumps({"text": text, "lent": lent, "before": before})
    done = subprocess.run([NODE, SCRIPT, SOURCE, given], check=True, capture_output=True, timeout=20)
    shown: str = json.loads(done.stdout)
    return shown


@pytest.mark.parametrize(
    ("text", "lent", "before", "expected"),
    [
        pytest.param("", NEW, {}, NEW, id="into an empty editor"),
        pytest.param('{"x": "1"}', NEW, {}, {"x": "1", **NEW}, id="beside what is there"),
        pytest.param(json.dumps(OLD), NEW, OLD, NEW, id="in place of what was lent before"),
        pytest.param(
            '{"Authorization": "Bearer mine"}', NEW, OLD, {"Authorization": "Bearer mine"}, id="not over one's own"
        ),
        pytest.param("", {"authorization": 7}, {}, None, id="no header that is no text"),
        pytest.param(json.dumps(OLD), {}, OLD, None, id="taken back"),
    ],
)
def test_headers_are_lent(text: str, lent: dict[str, Any], before: dict[str, Any], expected: Any) -> None:
    """Names are compared as HTTP does, without regard to case."""
    shown = filled(text, lent, before)
    assert (json.loads(shown) if shown else None) == expected


def test_half_written_headers_stay() -> None:
    """Somebody is typing."""
    assert filled('{"x-tenant": ', NEW, {}) == '{"x-tenant": '
