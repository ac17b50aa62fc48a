"""The passwords of the embedded servers: made once, kept in one private file of the data directory."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from payflow.dev.errors import CannotStart
from payflow.kernel.settings import SERVICES

PASSWORD_BYTES = 32


@dataclass(frozen=True, slots=True)
class Passwords:
    """`databases` by service; `postgres` is the superuser's."""

    postgres: str
    valkey: str
    databases: dict[str, str]

    @classmethod
    def make(cls) -> Passwords:
        """New random ones."""
        return cls(postgres=_random(), valkey=_random(), databases={service: _random() for service in SERVICES})


def load_or_make_passwords(path: Path) -> Passwords:
    """Read the file, or make it (mode 0600). Raises CannotStart where it is damaged."""
    if not path.exists():
        _write(path, Passwords.make())
    try:
        return Passwords(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        raise CannotStart(f"{path} is damaged; restore it, or start over with `payflow up --reset`") from None


def _write(path: Path, passwords: Passwords) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(passwords), file, indent=2)
    draft.replace(path)


def _random() -> str:
    return secrets.token_hex(PASSWORD_BYTES)
