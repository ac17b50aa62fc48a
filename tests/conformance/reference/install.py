"""Installs the pinned reference: once, whoever asks first."""

from __future__ import annotations

from pathlib import Path

from tests.conformance import npm
from tests.conformance.npm import NODE, NPM

__all__ = ["NODE", "NPM", "ReferenceUnavailable", "ensure_installed"]

FOLDER = Path(__file__).parent


class ReferenceUnavailable(RuntimeError):
    """The reference does not run; the message says what to do."""


def ensure_installed() -> Path:
    """Install what the lock file names, unless that was done, and return the folder of the scripts."""
    return npm.ensure_installed(FOLDER)


if __name__ == "__main__":
    ensure_installed()
