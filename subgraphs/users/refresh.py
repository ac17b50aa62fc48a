"""Refresh tokens: how they are made, what becomes of one that is presented, and how a lost answer is given again. Pure.

A token is 256 random bits, and only its SHA-256 is kept. Presenting it buys a successor; presenting it again means that two hold it,
one of whom stole it, and ends the session. But for one case: the answer was lost, so whoever asked asks again, from the same place and
at once. They get the same successor, which is kept sealed with a key that only the presented token yields.

Sources: RFC 9700 section 4.14 (rotation and reuse); FAPI 2.0 Security Profile section 5.3.2.1 (why a lost reply must be forgiven).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

TOKEN_BYTES = 32
IDLE = timedelta(days=14)  # a token that nobody uses for this long has ended
LIFETIME = timedelta(days=90)  # of a session, however busy: then the password is asked for again
LOST_ANSWER = timedelta(seconds=30)  # a client that got no answer asks again within this
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64url
_SEAL = b"payflow refresh token: successor"


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A sign-in as it is kept. `expires_at` is its absolute end; `ended_at` says that it was ended before."""

    id: UUID
    user_id: UUID
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A refresh token as it is kept: its hash and, once it was used, what followed from that. `presenter` is who used it."""

    hash: bytes
    expires_at: datetime
    used_at: datetime | None = None
    sealed_successor: bytes | None = None
    successor_used: bool = False
    presenter: bytes | None = None


class Verdict(Enum):
    """What becomes of a token that is presented."""

    ROTATE = auto()  # it is good: its successor takes its place
    REPEAT = auto()  # its answer was lost: the same successor again
    REUSE = auto()  # somebody else has it: the session ends
    REFUSE = auto()  # it, or its session, has ended


def judge(session: StoredSession, token: StoredToken, *, presenter: bytes, now: datetime) -> Verdict:
    """What becomes of `token` when `presenter` shows it."""
    if not session.is_open(now):
        return Verdict.REFUSE
    if token.used_at is None:
        return Verdict.ROTATE if now < token.expires_at else Verdict.REFUSE
    if _answer_was_lost(token, presenter, now):
        return Verdict.REPEAT
    return Verdict.REUSE


def _answer_was_lost(token: StoredToken, presenter: bytes, now: datetime) -> bool:
    """Whoever has used the successor has had the answer."""
    assert token.used_at is not None, token
    same_presenter = hmac.compare_digest(token.presenter or b"", presenter)
    in_time = now - token.used_at <= LOST_ANSWER
    return same_presenter and in_time and not token.successor_used and token.sealed_successor is not None


def new_token() -> str:
    """256 random bits in base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_well_formed(token: str) -> bool:
    """Whether it can be one of ours at all."""
    return _TOKEN.fullmatch(token) is not None


def token_hash(token: str) -> bytes:
    """What is kept of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def presenter_of(session_id: UUID, network: str) -> bytes:
    """Who presents a token, as far as one can tell: the network it comes from. A hash by session, for addresses are personal."""
    return hashlib.sha256(session_id.bytes + network.encode()).digest()


def expiry(session: StoredSession, now: datetime) -> datetime:
    """When a token that is made now ends if nobody uses it."""
    return min(now + IDLE, session.expires_at)


def seal(successor: str, token: str) -> bytes:
    """The successor under a one-time pad that `token` yields: who has no more than the hash cannot open it."""
    return _xor(successor.encode(), token)


def unseal(sealed: bytes, token: str) -> str:
    """The successor that `seal` sealed with this token."""
    return _xor(sealed, token).decode()


def _xor(text: bytes, token: str) -> bytes:
    """A token seals one successor only, so its pad is used once."""
    pad = hashlib.shake_256(hmac.digest(token.encode(), _SEAL, "sha256")).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))
