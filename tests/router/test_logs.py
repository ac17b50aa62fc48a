"""What the router's log tells of faults, and what it keeps to itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_FAULT = """
import structlog
from router.logs import configure_logging

configure_logging(form={form!r})

def fail(token):
    raise RuntimeError("it broke")

try:
    fail("hush" + "-hush")
except RuntimeError as error:
    structlog.get_logger("router").error("request failed", exc_info=error)
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_tells_places_and_no_values(tmp_path: Path, form: str) -> None:
    """In either form of the log: a token or a variable of a client is such a value."""
    script = tmp_path / "fault.py"
    script.write_text(_FAULT.format(form=form))
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)

    assert "it broke" in ran.stderr
    assert "in fail" in ran.stderr
    assert "hush-hush" not in ran.stderr
