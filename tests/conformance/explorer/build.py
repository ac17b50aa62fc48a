"""Writes the files of the explorer anew: `python -m tests.conformance.explorer.build`."""

from __future__ import annotations

import subprocess

from router.edge.explorer.assets import FOLDER
from tests.conformance.npm import NODE, ensure_installed


def build() -> None:
    """Install what the lock file names, and build into the package."""
    source = ensure_installed(FOLDER.parent / "source")
    subprocess.run([NODE, "build.mjs", FOLDER], cwd=source, check=True)


if __name__ == "__main__":
    build()
