"""Installs the gateways of `package-lock.json` into a git-ignored `node_modules`, at the first use."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.conformance.reference.install import NODE, NPM

__all__ = ["NODE", "ensure_installed"]

FOLDER = Path(__file__).parent
LOCK_FILE = FOLDER / "package-lock.json"
MARK = FOLDER / "node_modules" / ".installed"
OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def ensure_installed() -> Path:
    """The folder of the peers, installed."""
    wanted = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
    if not MARK.exists() or MARK.read_text() != wanted:
        print(
            f"Installing the gateways to compare with, once: a minute, and 660 MB in {FOLDER / 'node_modules'}",
            file=sys.stderr,
        )
        subprocess.run([NODE, NPM, "ci", *OPTIONS], cwd=FOLDER, check=True)
        MARK.write_text(wanted)
    return FOLDER
