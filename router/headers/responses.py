"""What comes back to the client of the headers of subgraphs' answers.

Each answer passes the rules by itself; what is left of several is merged in the order of the plan, so that it does not depend on
which of them came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from router.config.barred_headers import NEVER_TOLD
from router.config.headers import HeaderSettings, Merging, PropagateToClient, ResponseRule
from router.headers.cache_control import NO_STORE, most_restrictive
from router.transport.arrivals import Arrival

SET_COOKIE = "set-cookie"


class _Passed(NamedTuple):
    """What one answer contributes under one name."""

    algorithm: Merging
    values: tuple[str, ...]


_Contribution: TypeAlias = dict[str, _Passed]


@dataclass(slots=True)
class Told:
    """Headers for the client. Every cookie is a header of its own, which can be joined with no other (RFC 6265, section 3)."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)


class ResponseHeaders:
    """The rules of a configuration for what comes back."""

    def __init__(self, settings: HeaderSettings | None = None) -> None:
        settings = settings or HeaderSettings()
        self._all = settings.all.response
        self._own = {name: (*self._all, *own.response) for name, own in settings.subgraphs.items() if own.response}

    def __bool__(self) -> bool:
        return bool(self._all or self._own)

    def tell_cookies_of(self, subgraph: str) -> bool:
        """Whether cookies that this subgraph sets reach clients: its answers are then for one client each."""
        rules = self._own.get(subgraph, self._all)
        return any(rule.propagate is not None and rule.propagate.selects(SET_COOKIE) for rule in rules)

    def of(self, arrivals: Iterable[Arrival]) -> Told:
        """What the client is told, of answers in the order of the plan."""
        merged: dict[str, list[str]] = {}
        restrictions: list[str] = []
        for arrival in arrivals:
            for name, passed in self._contribution(arrival).items():
                if passed.algorithm == "most_restrictive":
                    restrictions += passed.values
                else:
                    _merge(merged, name, passed)
        if restrictions:
            merged["cache-control"] = [most_restrictive(restrictions)]
        cookies = merged.pop(SET_COOKIE, [])
        return Told({name: ", ".join(values) for name, values in merged.items()}, cookies)

    def _contribution(self, arrival: Arrival) -> _Contribution:
        told: _Contribution = {}
        for rule in self._own.get(arrival.subgraph, self._all):
            _apply(rule, arrival, told)
        return told


def _merge(merged: dict[str, list[str]], name: str, passed: _Passed) -> None:
    if passed.algorithm == "append" or name == SET_COOKIE:
        merged.setdefault(name, []).extend(passed.values)
    elif passed.algorithm == "last" or name not in merged:
        merged[name] = list(passed.values)


def _apply(rule: ResponseRule, arrival: Arrival, told: _Contribution) -> None:
    if rule.propagate is not None:
        _propagate(rule.propagate, arrival, told)
    elif rule.insert is not None:
        told[rule.insert.name] = _Passed("last", (rule.insert.value,))
    elif rule.remove is not None:
        for name in [name for name in told if rule.remove.selects(name)]:
            del told[name]


def _propagate(rule: PropagateToClient, arrival: Arrival, told: _Contribution) -> None:
    found: dict[str, list[str]] = {}
    for raw_name, raw_value in arrival.headers:
        name = raw_name.decode("latin-1")
        if rule.selects(name) and name not in NEVER_TOLD:
            found.setdefault(name, []).append(raw_value.decode("latin-1"))
    if rule.algorithm == "most_restrictive":
        # An answer that says nothing of caches, or did not come, allows nothing.
        found = {"cache-control": [", ".join(found.get("cache-control", [NO_STORE]))]}
    for name, values in found.items():
        told[rule.rename or name] = _Passed(rule.algorithm, tuple(values))
