"""What whoever works on the web client runs: `payflow web build`, `check` and `test`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 280  # the packages may have to be installed first, over a slow line


def payflow_web(verb: str, data_dir: Path) -> str:
    """What it said; that it succeeds is asserted."""
    command = [sys.executable, "-m", "payflow", "web", verb, "--data-dir", str(data_dir)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout
