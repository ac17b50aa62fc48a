"""People, commands, and the rules of form: pure, no I/O."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payflow.kernel.errors import InvalidInput

EMAIL_LENGTH_MAX = 254  # RFC 5321: the longest path that can be delivered to
TYPED_LENGTH_MAX = (
    4 * EMAIL_LENGTH_MAX
)  # no normal form is so much shorter; time to order accents grows with their number's square
HANDLE_PATTERN = re.compile(r"[a-z0-9_]{3,30}")
PASSWORD_LENGTH_MIN = 12  # length beats composition rules (OWASP ASVS 2.1)
PASSWORD_LENGTH_MAX = 128  # bounds the work a hash is asked to do
DISPLAY_NAME_LENGTH_MAX = 80

# What a person's own access token allows; a service checks the owner besides.
USER_SCOPES = frozenset({"payments"})

_EMAIL_PATTERN = re.compile(r"[^@\s\x00-\x1f\x7f]+@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True)
class User:
    """A person."""

    id: UUID
    email: str
    handle: str
    display_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves a person: kept apart from the person, so that it is never shown by accident."""

    user: User
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in: a short access token, and an opaque refresh token of which only the hash is stored."""

    user: User
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in_s: int


class EndReason(StrEnum):
    """Why a session ended before its time."""

    LOGGED_OUT = "LOGGED_OUT"
    TOKEN_REUSED = "TOKEN_REUSED"  # noqa: S105  a reason, not a secret


@dataclass(frozen=True, slots=True)
class Register:
    email: str
    password: str = field(repr=False)
    handle: str
    display_name: str


@dataclass(frozen=True, slots=True)
class LogIn:
    email: str
    password: str = field(repr=False)


def checked(command: Register) -> Register:
    """The command in normal form. Raises InvalidInput for the first field that breaks a rule."""
    normal = replace(
        command,
        email=normal_email(command.email),
        handle=normal_handle(command.handle),
        display_name=command.display_name.strip(),
    )
    if not is_email(normal.email):
        raise InvalidInput("email", "email must be an address such as ada@example.com")
    if not HANDLE_PATTERN.fullmatch(normal.handle):
        raise InvalidInput("handle", "handle must have 3 to 30 characters of a-z, 0-9 and _")
    if not 1 <= len(normal.display_name) <= DISPLAY_NAME_LENGTH_MAX:
        raise InvalidInput("displayName", f"displayName must have 1 to {DISPLAY_NAME_LENGTH_MAX} characters")
    if not normal.display_name.isprintable():
        raise InvalidInput("displayName", "displayName must be one line of characters that can be seen")
    if not PASSWORD_LENGTH_MIN <= len(normal.password) <= PASSWORD_LENGTH_MAX:
        raise InvalidInput(
            "password",
            f"password must have {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters; a sentence is fine",
        )
    if _is_guessable(normal):
        raise InvalidInput(
            "password", "password must not be your e-mail address, handle or name, nor one character repeated"
        )
    return normal


def _is_guessable(command: Register) -> bool:
    """What an attacker tries first of this very person."""
    own = {command.email, command.email.partition("@")[0], command.handle, command.display_name.casefold()}
    return command.password.casefold() in own or len(set(command.password)) == 1


def is_email(address: str) -> bool:
    """Whether an address in normal form can be anybody's."""
    return len(address) <= EMAIL_LENGTH_MAX and _EMAIL_PATTERN.fullmatch(address) is not None


def normal_email(email: str) -> str:
    """Addresses that differ in letter case or in how their letters are encoded are one; a domain is as DNS knows it (IDNA)."""
    typed = email.strip()
    if len(typed) > TYPED_LENGTH_MAX:
        return typed  # no address, which `is_email` says of anything so long
    address = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", typed).casefold().lower())
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address  # a label that is empty or too long: no address, which `checked` says


def normal_handle(handle: str) -> str:
    """Handles that differ in letter case only are one; a leading @ is a manner of speaking."""
    return handle.strip().removeprefix("@").lower()
