"""What the services' log tells of faults, and what it keeps to itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_FAULT = """
import logging
import structlog
from payflow.kernel.log import configure_logging

configure_logging(service="wallet", form={form!r})

def fail(password):
    raise RuntimeError("it broke")

try:
    fail("hush" + "-hush")
except RuntimeError as error:
    structlog.get_logger("wallet").error("request failed", exc_info=error)
    logging.getLogger("uvicorn").error("and so it says", exc_info=error)
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_tells_places_and_no_values(tmp_path: Path, form: str) -> None:
    """In either form of the log: a password or a token is such a value."""
    script = tmp_path / "fault.py"
    script.write_text(_FAULT.format(form=form))
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)

    assert ran.stdout.count("RuntimeError: it broke") == 2
    assert ran.stdout.count("in fail") == 2
    assert "hush-hush" not in ran.stdout
