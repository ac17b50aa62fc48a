"""Where the stack keeps things: the layout of a data directory, and a place for sockets whose path is short enough."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from payflow.dev.errors import CannotStart

SOCKET_PATH_MAX = 103  # bytes; macOS allows 104 with the closing zero, Linux 108
_LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Folders:
    """A data directory. Everything the stack writes is below it, but for sockets where its path is too long."""

    root: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own folder; belongs to the account that runs it."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def state(self) -> Path:
        return self.root / "state.json"

    @property
    def lock(self) -> Path:
        return self.root / "supervisor.lock"

    @property
    def migrated(self) -> Path:
        """The fingerprint of the migrations that the embedded databases have; lives and dies with them."""
        return self.postgres / "payflow.migrated"

    def socket_folder(self, name: str) -> Path:
        """A folder for the unix sockets of one server: in the data directory, or under the runtime directory of the user."""
        inside = self.root / "run" / name
        if len(os.fsencode(inside / _LONGEST_SOCKET_NAME)) <= SOCKET_PATH_MAX:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:10]
        # Root's servers run as another account (system_user.py), for whom root's own runtime directory is closed.
        personal = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() != 0 else None
        return Path(personal or tempfile.gettempdir()) / f"payflow-{os.getuid()}-{digest}-{name}"


def private_folder(path: Path, *, owner: tuple[int, int] | None = None) -> Path:
    """Make the folder if it is missing, open to its owner alone. Raises CannotStart where a stranger's is in its place."""
    uid, gid = owner or (os.getuid(), os.getgid())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.getuid()}:
        raise CannotStart(f"{path} is not a folder of ours; remove it, or choose another --data-dir")
    if found.st_uid != uid:
        os.chown(path, uid, gid)
    path.chmod(0o700)
    return path
