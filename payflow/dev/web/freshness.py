"""Whether what is installed and built is what the sources say now: by digests that live and die with what they are of."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from payflow.dev.web import WEB_FOLDER

LOCK_FILE: Final = "package-lock.json"
API_SCHEMA: Final = Path("schema", "api.graphql")  # what the client's documents are generated from
_MADE: Final = frozenset({"node_modules", "dist", "generated", "coverage"})
_STAMP: Final = ".payflow-stamp"


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is known of the web client of a checkout."""

    project: Path

    @property
    def web(self) -> Path:
        return self.project / WEB_FOLDER

    @property
    def is_there(self) -> bool:
        """Whether the checkout has a web client at all."""
        return (self.web / LOCK_FILE).is_file()

    @property
    def is_installed(self) -> bool:
        """Whether node_modules is what the lock file names: by our mark, or by npm's own where somebody ran it himself."""
        return _said(self._installed) == self._lock_digest() or self._npm_came_after()

    @property
    def is_built(self) -> bool:
        """Whether dist is what today's sources make."""
        return (self.web / "dist" / "index.html").is_file() and _said(self._built) == sources_digest(self.project)

    def mark_installed(self) -> None:
        self._installed.write_text(self._lock_digest())

    def mark_built(self, digest: str) -> None:
        """`digest` is that of the sources before the build began: what was edited meanwhile is built next time."""
        self._built.write_text(digest)

    @property
    def _installed(self) -> Path:
        return self.web / "node_modules" / _STAMP

    @property
    def _built(self) -> Path:
        return self.web / "dist" / _STAMP

    def _npm_came_after(self) -> bool:
        """Whether npm ended an installation after the lock file last changed."""
        record = self.web / "node_modules" / ".package-lock.json"
        return record.is_file() and record.stat().st_mtime_ns >= (self.web / LOCK_FILE).stat().st_mtime_ns

    def _lock_digest(self) -> str:
        return hashlib.sha256((self.web / LOCK_FILE).read_bytes()).hexdigest()


def sources_digest(project: Path) -> str:
    """A digest of everything that a build is made from: names and contents of the sources, and the API's schema."""
    digest = hashlib.sha256()
    for path in (*sorted(_sources(project / WEB_FOLDER)), project / API_SCHEMA):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(project).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _sources(web: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(web):
        folders[:] = [name for name in folders if name not in _MADE and not name.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.endswith((".md", ".tsbuildinfo")))


def _said(stamp: Path) -> str | None:
    try:
        return stamp.read_text()
    except OSError:
        return None
