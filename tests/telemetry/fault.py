"""A process in which something fails and is logged, with a secret among the variables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SECRET = "hush-hush"
_PROGRAM = """
import logging
import structlog
{configuring}

def fail(token):
    raise RuntimeError("it broke")

try:
    fail("hush" + "-hush")
except RuntimeError as error:
    structlog.get_logger("ours").error("request failed", exc_info=error)
    logging.getLogger("uvicorn").error("and so it says", exc_info=error)
"""


def logged_of_a_fault(configuring: str, folder: Path) -> str:
    """What it says of it, by our logger and by a library's, once these lines of Python have configured the log."""
    program = folder / "fault.py"
    program.write_text(_PROGRAM.format(configuring=configuring))
    ran = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    return ran.stdout + ran.stderr
