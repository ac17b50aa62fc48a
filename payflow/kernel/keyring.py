"""The keys that sign access tokens: the life of a key, and the file that a running process follows.

A key is published before it signs, so that whoever verifies knows it by then, and stays published until the last token that it signed
has ended. The waits between are what makes a rotation that nobody notices.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson
import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from jwt import PyJWK

from payflow.kernel.errors import SettingsError
from payflow.kernel.settings import ACCESS_TOKEN_SECONDS_MAX
from payflow.kernel.tokens import JWKS_MAX_AGE_S, LEEWAY_S, SigningKey

PUBLISHED_CACHE_S = 300  # how long anything between us and a verifier may keep the published set
PUBLISHED_FOR = timedelta(seconds=JWKS_MAX_AGE_S + PUBLISHED_CACHE_S)  # by then every copy that lacks the key is gone
CLOCKS_MAX_S = 60  # how far off a verifier's clock may be: more than the router's leeway of 30 s, and than ours
RETIRED_FOR = timedelta(seconds=ACCESS_TOKEN_SECONDS_MAX + max(CLOCKS_MAX_S, LEEWAY_S))
FOLLOW_S = 1.0  # how often a process looks whether the file has changed

log = structlog.get_logger(__name__)


class KeyState(StrEnum):
    """Where a key stands in its life. One that is removed stands nowhere."""

    PUBLISHED = "PUBLISHED"
    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class StepKind(StrEnum):
    """What moves a key on."""

    PUBLISH = "PUBLISH"
    ACTIVATE = "ACTIVATE"
    REMOVE = "REMOVE"


@dataclass(frozen=True, slots=True)
class RingKey:
    """A key by its id (RFC 7638), the name of the file that holds it, and its state."""

    kid: str
    file: str
    state: KeyState
    since: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a key, and from when on it harms nobody."""

    kind: StepKind
    kid: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Ring:
    """All keys, one of them active. Raises ValueError where none is, or several are."""

    keys: tuple[RingKey, ...]

    def __post_init__(self) -> None:
        if [key.state for key in self.keys].count(KeyState.ACTIVE) != 1:
            raise ValueError("one key must be ACTIVE")

    @property
    def active(self) -> RingKey:
        """The one that signs."""
        return next(key for key in self.keys if key.state is KeyState.ACTIVE)

    def find(self, kid: str) -> RingKey:
        """The key of this id. Raises KeyError."""
        return {key.kid: key for key in self.keys}[kid]

    def next_step(self) -> Step | None:
        """What comes next of a rotation under way; None where none is."""
        steps = [step for key in self.keys if (step := _step_of(key)) is not None]
        return min(steps, key=lambda step: step.due, default=None)

    def published(self, kid: str, *, file: str, now: datetime) -> Ring:
        """With a new key, which signs nothing yet."""
        return Ring((*self.keys, RingKey(kid, file, KeyState.PUBLISHED, now)))

    def after(self, step: Step, *, now: datetime) -> Ring:
        """The ring when a step has been taken: the key that becomes active retires the one that was."""
        if step.kind is StepKind.REMOVE:
            return Ring(tuple(key for key in self.keys if key.kid != step.kid))
        return Ring(tuple(_activated(key, step.kid, now) for key in self.keys))

    def as_json(self) -> dict[str, Any]:
        """What the file holds."""
        return {
            "keys": [
                {"kid": key.kid, "file": key.file, "state": key.state.value, "since": key.since.isoformat()}
                for key in self.keys
            ]
        }

    @classmethod
    def parse(cls, document: bytes) -> Ring:
        """Raises ValueError where it is no ring."""
        try:
            return cls(tuple(_parsed(entry) for entry in orjson.loads(document)["keys"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"it is not a key ring: {error}") from None


def _step_of(key: RingKey) -> Step | None:
    match key.state:
        case KeyState.PUBLISHED:
            return Step(StepKind.ACTIVATE, key.kid, key.since + PUBLISHED_FOR)
        case KeyState.RETIRED:
            return Step(StepKind.REMOVE, key.kid, key.since + RETIRED_FOR)
        case KeyState.ACTIVE:
            return None


def _activated(key: RingKey, kid: str, now: datetime) -> RingKey:
    if key.kid == kid:
        return replace(key, state=KeyState.ACTIVE, since=now)
    return replace(key, state=KeyState.RETIRED, since=now) if key.state is KeyState.ACTIVE else key


def _parsed(entry: Mapping[str, str]) -> RingKey:
    file = entry["file"]
    if Path(file).name != file:
        raise ValueError(f"{file} is not the name of a file beside the ring")
    since = datetime.fromisoformat(entry["since"])
    if since.tzinfo is None:
        raise ValueError(f"{entry['since']} names no time zone")
    return RingKey(entry["kid"], file, KeyState(entry["state"]), since)


@dataclass(frozen=True, slots=True)
class _Loaded:
    active: SigningKey
    public: tuple[Mapping[str, str], ...]
    verifying: Mapping[str, PyJWK]


class KeyRing:
    """The ring that a file holds: signs with its active key, publishes them all, and follows the file while the process runs.

    The file is a ring, `….json`, with its keys beside it, or one PEM, which is a ring of one key.
    """

    def __init__(self, path: Path, loaded: _Loaded) -> None:
        self._path = path
        self._loaded = loaded
        self._seen = _signature(path)
        self._look_again_at = time.monotonic() + FOLLOW_S

    @classmethod
    def load(cls, path: Path | None, *, setting: str) -> KeyRing:
        """Raises SettingsError naming `setting`."""
        if path is None or path.suffix != ".json":
            return cls(path or Path(), _of_one(SigningKey.load(path, setting=setting)))
        try:
            return cls(path, _read(path))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{setting}={path} cannot be read: {error}") from None

    def sign(self, claims: dict[str, Any], *, token_type: str) -> str:
        """A compact JWS by the active key."""
        return self._current().active.sign(claims, token_type=token_type)

    async def key(self, kid: str) -> PyJWK | None:
        """The public key of this id, if it is in the ring."""
        return self._current().verifying.get(kid)

    @property
    def jwks(self) -> dict[str, Any]:
        """The set to publish (RFC 7517): every key of the ring, whatever its state."""
        return {"keys": [dict(jwk) for jwk in self._current().public]}

    def _current(self) -> _Loaded:
        if (now := time.monotonic()) >= self._look_again_at:
            self._look_again_at = now + FOLLOW_S
            if self._path.suffix == ".json" and (found := _signature(self._path)) != self._seen:
                self._reload(found)
        return self._loaded

    def _reload(self, found: tuple[int, int] | None) -> None:
        """Take the ring that was found. One that cannot be read is tried again: it may have come before a key that it names."""
        try:
            self._loaded = _read(self._path)
        except (OSError, ValueError) as error:
            log.error("the key ring cannot be read; the last one goes on", path=str(self._path), reason=str(error))
        else:
            self._seen = found
            log.info("the key ring has changed", active=self._loaded.active.kid, keys=len(self._loaded.public))


def _of_one(key: SigningKey) -> _Loaded:
    return _Loaded(key, (key.public_jwk,), {key.kid: PyJWK(dict(key.public_jwk))})


def _read(path: Path) -> _Loaded:
    ring = Ring.parse(path.read_bytes())
    keys = {entry.kid: _key(path.with_name(entry.file), entry.kid) for entry in ring.keys}
    verifying = {kid: PyJWK(dict(key.public_jwk)) for kid, key in keys.items()}
    return _Loaded(keys[ring.active.kid], tuple(key.public_jwk for key in keys.values()), verifying)


def _key(path: Path, kid: str) -> SigningKey:
    try:
        key = SigningKey.from_pem(path.read_bytes())
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{path.name}: {error}") from None
    if key.kid != kid:
        raise ValueError(f"{path} holds the key {key.kid}, not {kid}")
    return key


def _signature(path: Path) -> tuple[int, int] | None:
    """What changes when the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
