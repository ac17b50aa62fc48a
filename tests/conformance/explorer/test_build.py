"""The files of the explorer are what its sources and its lock file make: nobody edited them, and nobody forgot to build."""

from __future__ import annotations

import subprocess
from pathlib import Path

from router.edge.explorer.assets import FOLDER, MEDIA_TYPES
from tests.conformance.npm import NODE, ensure_installed

SOURCE = FOLDER.parent / "source"


def test_the_committed_files_are_the_built_ones(tmp_path: Path) -> None:
    """Byte for byte. `python -m tests.conformance.explorer.build` writes them anew."""
    ensure_installed(SOURCE)
    subprocess.run([NODE, "build.mjs", tmp_path], cwd=SOURCE, check=True, timeout=60)

    for name in MEDIA_TYPES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), f"{name} is not what its sources make"
