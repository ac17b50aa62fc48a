"""How long an answer may be kept, and for whom: by what it says itself, what its schema says, and what is configured.

Source: RFC 9111, sections 3 (what may be stored), 3.5 (answers to requests that say who asks) and 4.2.1 (for how long).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from router.caching.hints import Hinted
from router.config.cache import CachedSubgraph
from router.transport.base import SubgraphAnswer
from router.transport.body import OK
from router.transport.cache_control import Directives, directives, seconds_of

Scope: TypeAlias = Literal["public", "private", "unsaid"]
"""Whom an answer serves, as far as it is said: everybody, its caller, or nobody knows."""


class Keep(NamedTuple):
    """An answer may be kept for so many seconds."""

    ttl_s: float
    scope: Scope


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """Which headers to subgraphs say who asks, and which change no answer. All others are part of what is asked."""

    identity: frozenset[str]
    ignored: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of itself in its headers."""

    control: Directives | None
    age_s: int
    vary: Collection[str]
    sets_cookies: bool

    @classmethod
    def by(cls, answer: SubgraphAnswer) -> Said:
        """Read the headers of an answer."""
        found: dict[bytes, list[str]] = {}
        for name, value in answer.headers:
            found.setdefault(name, []).append(value.decode("latin-1"))
        control = found.get(b"cache-control")
        age = found.get(b"age", ["0"])[0].strip()
        vary = {name.strip().lower() for value in found.get(b"vary", ()) for name in value.split(",")}
        return cls(
            None if control is None else directives(", ".join(control)),
            int(age) if age.isdecimal() else 0,
            vary - {""},
            b"set-cookie" in found,
        )

    @property
    def forbids(self) -> bool:
        """Whether nobody may keep it."""
        return self.sets_cookies or "*" in self.vary or bool({"no-store", "no-cache"} & (self.control or {}).keys())

    def scope(self, rules: HeaderRules) -> Scope:
        """Whom it serves. One that varies by who asks is private."""
        control = self.control or {}
        if "private" in control or rules.identity & set(self.vary):
            return "private"
        return "public" if "public" in control or "s-maxage" in control else "unsaid"

    def ttl_s(self) -> float | None:
        """How long it is fresh from now on; None where it does not say."""
        control: Mapping[str, str | None] = self.control or {}
        name = "s-maxage" if "s-maxage" in control and "private" not in control else "max-age"
        return seconds_of(control, name, 0) - self.age_s if name in control else None


def keep(answer: SubgraphAnswer, hinted: Hinted, *, settings: CachedSubgraph, rules: HeaderRules) -> Keep | None:
    """How long and for whom an answer without errors may be kept; None for one that may not."""
    said = Said.by(answer)
    if answer.status != OK or said.forbids or rules.ignored & set(said.vary):
        return None
    ttl_s = said.ttl_s()
    if ttl_s is None:
        ttl_s = settings.ttl_s if hinted.max_age is None else hinted.max_age
    if ttl_s is None or ttl_s <= 0:
        return None
    return Keep(ttl_s, _scope(said.scope(rules), hinted, settings))


def _scope(said: Scope, hinted: Hinted, settings: CachedSubgraph) -> Scope:
    if "private" in (said, settings.scope) or hinted.is_private:
        return "private"
    return "public" if "public" in (said, settings.scope) or hinted.is_public else "unsaid"


class Freshness:
    """For how long everything holds that one answer is made of, and whether it holds for everybody.

    `names` are the headers, beside those that tell who asks, that some part may vary by.
    """

    __slots__ = ("_is_public", "_least", "names")

    def __init__(self) -> None:
        self._least: float | None = None
        self._is_public = True
        self.names: set[str] = set()

    def holds(self, seconds: float, *, for_all: bool) -> None:
        """A part holds for so long."""
        self._least = seconds if self._least is None else min(self._least, seconds)
        self._is_public = self._is_public and for_all

    def ends(self) -> None:
        """A part holds for this moment only."""
        self.holds(0, for_all=False)

    def add(self, other: Freshness) -> None:
        """So do the parts of another, if it has any."""
        self.names |= other.names
        if other._least is not None:
            self.holds(other._least, for_all=other._is_public)

    def header(self, *, for_all: bool = True) -> str | None:
        """The Cache-Control that says so; None where there are no parts. Less than a second is nothing."""
        if self._least is None:
            return None
        if self._least < 1:
            return "no-store"
        return f"{'public' if self._is_public and for_all else 'private'}, max-age={int(self._least)}"
