"""What was found out about tokens, remembered: who a good one names until it stops to hold, and briefly that a bad one is bad."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from time import monotonic, time

from router import limits
from router.errors import Unauthenticated
from router.lru import Lru
from router.security.caller import Caller
from router.security.jwks import KeySet


@dataclass(frozen=True, slots=True)
class Verified:
    """A token found good by one generation of its issuer's keys; `until` is in Unix seconds."""

    caller: Caller
    keys: KeySet
    generation: int
    until: float

    @property
    def holds(self) -> bool:
        """Whether it would be found good again."""
        return self.keys.is_fresh and self.keys.generation == self.generation and time() < self.until


@dataclass(frozen=True, slots=True)
class _Refused:
    message: str
    until: float


class Verdicts:
    """A bounded memory of tokens. Bad ones are kept as digests: who sends them chooses how long they are."""

    def __init__(self) -> None:
        self._verified: Lru[str, Verified] = Lru(limits.VERIFIED_TOKENS_MAX)
        self._refused: Lru[bytes, _Refused] = Lru(limits.REFUSED_TOKENS_MAX)

    def caller(self, token: str) -> Caller | None:
        """The caller of a token that was found good and still holds; None where it must be looked at.

        Raises:
            Unauthenticated: it was refused a moment ago, and is again.
        """
        if (verified := self._verified.get(token)) is not None:
            if verified.holds:
                return verified.caller
            self._verified.forget(token)
        elif len(self._refused) and (refused := self._refused.get(_digest(token))) is not None:
            if monotonic() < refused.until:
                raise Unauthenticated(refused.message)
            self._refused.forget(_digest(token))
        return None

    def accept(self, token: str, verified: Verified) -> None:
        """Remember that a token is good."""
        self._verified.put(token, verified)

    def refuse(self, token: str, refusal: Unauthenticated) -> None:
        """Remember for a while that a token is bad, and why."""
        self._refused.put(_digest(token), _Refused(str(refusal), monotonic() + limits.REFUSED_TOKEN_S))


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()
