"""Under which keys an answer is looked for, and kept: by what is asked, with which values and headers, and by whom.

Everybody finds what is said to be public. What nobody said anything of is found by those who do not tell who they are, if it was kept for
one of them, and else, like what is private, by the caller whom it was kept for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from router.caching.freshness import HeaderRules, Scope
from router.caching.questions import Asked
from router.security.caller import Caller
from router.transport.base import SubgraphRequest
from router.transport.dedupe import NAMES_OF_CALLS
from router.transport.entities import Raws

_encode = msgspec.msgpack.encode


class Wanted(NamedTuple):
    """One entry that is looked for: its keys by the scope that it may have, and its tags."""

    asked: Asked
    keys: Mapping[Scope, str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as entries tell callers apart. `owner` is who may have private entries; `tells_who`: a header says who it is."""

    owner: bytes | None
    tells_who: bool
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: SubgraphRequest, owner: bytes | None, rules: HeaderRules) -> Asker:
        """Who asks with this request."""
        headers = sorted(
            (name, value)
            for name, value in request.headers.items()
            if name not in rules.identity and name not in rules.ignored
        )
        return cls(owner, not rules.identity.isdisjoint(request.headers), tuple(headers))

    def wanted(self, asked: Asked, tags: tuple[str, ...], *, variables: Raws, of: Raws) -> Wanted:
        """The entry for these variables, and this representation where it is an entity's."""
        values = [[name, bytes(variables[name])] for name in asked.variables if name in variables]
        digest = sha256(asked.head + _encode([values, self.headers, tags, _members(of)]))
        keys: dict[Scope, str] = {}
        for scope, mark in self._marks():
            marked = digest.copy()
            marked.update(mark)
            keys[scope] = marked.hexdigest()
        return Wanted(asked, keys, tags)

    def _marks(self) -> Iterator[tuple[Scope, bytes]]:
        yield "public", b"public"
        if self.owner is not None:
            yield "private", b"of" + self.owner
        if not self.tells_who:
            yield "unsaid", b"of nobody"
        elif self.owner is not None:
            yield "unsaid", b"of" + self.owner


def owner_of(caller: Caller, claims: Sequence[str]) -> bytes | None:
    """Who a caller is by the claims of the access token; None where it lacks one of them. Subjects are unique at an issuer only."""
    values: list[Any] = [caller.claims.get(claim) for claim in claims]
    if not caller.authenticated or None in values:
        return None
    return sha256(msgspec.json.encode([caller.issuer, *values], order="sorted")).digest()


def header_rules(identity: Sequence[str], ignored: Sequence[str]) -> HeaderRules:
    """The rules that a configuration makes, and those for names of calls."""
    return HeaderRules(frozenset(identity), NAMES_OF_CALLS | frozenset(ignored))


def _members(of: Raws) -> list[list[Any]]:
    """In one order, whichever operation named them; values as they are written, for digits count."""
    return [[name, bytes(of[name])] for name in sorted(of)]
