"""The passwords of the embedded servers: made once, kept in one private file of the data directory."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from payflow.dev.errors import CannotStart
from payflow.dev.roles import OWNED_APART
from payflow.kernel.settings import SERVICES

PASSWORD_BYTES = 32


@dataclass(frozen=True, slots=True)
class Passwords:
    """`databases` and `owners` by service: of the role that serves, and of the owner where that is another.

    `postgres` is the superuser's.
    """

    postgres: str
    valkey: str
    databases: dict[str, str]
    owners: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls) -> Passwords:
        """New random ones."""
        databases = {service: _random() for service in SERVICES}
        return cls(postgres=_random(), valkey=_random(), databases=databases).completed()

    def completed(self) -> Passwords:
        """With one for each owner: a file of older times knows none."""
        return replace(self, owners={service: _random() for service in OWNED_APART} | self.owners)


def load_or_make_passwords(path: Path) -> Passwords:
    """Read the file, or make it (mode 0600), and add what it lacks. Raises CannotStart where it is damaged."""
    if not path.exists():
        _write(path, Passwords.make())
    try:
        kept = Passwords(**json.loads(path.read_text()))
        completed = kept.completed()
    except (ValueError, TypeError):
        raise CannotStart(f"{path} is damaged; restore it, or start over with `payflow up --reset`") from None
    if completed != kept:
        _write(path, completed)
    return completed


def _write(path: Path, passwords: Passwords) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(passwords), file, indent=2)
    draft.replace(path)


def _random() -> str:
    return secrets.token_hex(PASSWORD_BYTES)
