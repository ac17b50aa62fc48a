"""The browser of these tests: the machine's own Chromium. Where there is none, Debian's and Ubuntu's is installed with apt."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAMED_BY = "PAYFLOW_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_TIMEOUT_S = 240
SAID_MAX = 1000  # characters of what apt said that a message repeats
HOW = (
    "The browser tests need Chromium 120 or later: `apt-get install chromium` on Debian, or name one that you have by"
    f" {NAMED_BY}=/path/to/chrome (a snap will not do: it cannot be driven)."
)
# No sandbox: tests run as root in containers, and open nothing but their own platform. The rest keeps the browser from
# calling home, and from drawing with a graphics card that is not there.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ChromiumUnavailable(RuntimeError):
    """There is no browser, and it cannot be installed; the message says what to do."""


def ensure_chromium() -> Path:
    """The program to run, installed first if need be and possible. Raises ChromiumUnavailable."""
    found = _find()
    if found is None:
        with _alone():
            found = _find() or _install()
    return found


def _find() -> Path | None:
    named = os.environ.get(NAMED_BY)
    if named is not None:
        if shutil.which(named) is None:
            raise ChromiumUnavailable(f"{NAMED_BY} names {named}, which is no program. {HOW}")
        return Path(named)
    paths = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in paths if path is not None), None)


def _install() -> Path:
    for arguments in (("update",), ("install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core")):
        _apt_get(*arguments)
    found = _find()
    if found is None:
        raise ChromiumUnavailable(f"apt-get installed no chromium. {HOW}")
    return found


def _apt_get(*arguments: str) -> None:
    command = (*_as_root(), "apt-get", "--quiet", *arguments)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise ChromiumUnavailable(f"`{' '.join(command)}` took over {INSTALL_TIMEOUT_S} s. {HOW}") from None
    if ended.returncode != 0:
        raise ChromiumUnavailable(f"`{' '.join(command)}` failed. {HOW} It said:\n{ended.stderr[-SAID_MAX:]}")


def _as_root() -> tuple[str, ...]:
    if shutil.which("apt-get") is None:
        raise ChromiumUnavailable(HOW)
    if os.geteuid() == 0:
        return ()
    asked = subprocess.run(("sudo", "-n", "true"), capture_output=True, check=False) if shutil.which("sudo") else None
    if asked is None or asked.returncode != 0:
        raise ChromiumUnavailable(HOW)
    return ("sudo", "-n", "--preserve-env=DEBIAN_FRONTEND")


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: test processes start together, and apt has a lock of its own."""
    with (Path(tempfile.gettempdir()) / f"payflow-chromium-{os.geteuid()}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
