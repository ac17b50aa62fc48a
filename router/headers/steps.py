"""The steps of the rules for requests: each changes the headers that a subgraph will get."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec

from router.config.barred_headers import NEVER_FORWARDED
from router.config.headers import InsertToSubgraph, PropagateToSubgraph, RequestRule, Selection
from router.exchange import ClientRequest

Step: TypeAlias = Callable[[ClientRequest, dict[str, str]], None]

REQUEST_ID: Final = "x-request-id"
_UNPRINTABLE: Final = re.compile(r"[\x00\r\n]")


def steps_of(rules: Iterable[RequestRule]) -> tuple[Step, ...]:
    """The rules, ready to run."""
    return tuple(_step(rule) for rule in rules)


def _step(rule: RequestRule) -> Step:
    if rule.propagate is not None:
        return _propagating(rule.propagate)
    if rule.insert is not None:
        return _inserting(rule.insert)
    assert rule.remove is not None, "a rule is one of three kinds"
    return _removing(rule.remove)


def _propagating(rule: PropagateToSubgraph) -> Step:
    if rule.matching is not None:
        return CopyMatching(rule.matching)
    if rule.rename is None and rule.default is None:
        return Copy(tuple(name for name in rule.names if name != REQUEST_ID), REQUEST_ID in rule.names)
    (name,) = rule.names
    return CopyAs(name, rule.rename or name, rule.default)


def _inserting(rule: InsertToSubgraph) -> Step:
    if rule.value is not None:
        return Set(rule.name, rule.value)
    if rule.from_claim is not None:
        return SetFromClaim(rule.name, rule.from_claim)
    if rule.from_context is not None:
        return SetFromContext(rule.name, rule.from_context)
    assert rule.from_client == "address", "a header is inserted from one of four sources"
    return SetFromAddress(rule.name)


def _removing(rule: Selection) -> Step:
    return RemoveMatching(rule.matching) if rule.matching is not None else Remove(rule.names)


@dataclass(frozen=True, slots=True)
class Copy:
    """Those of the names that the client sent. The request's id is the router's, also where the client sent no good one."""

    names: tuple[str, ...]
    request_id: bool

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        given = request.headers
        for name in self.names:
            if name in given:
                headers[name] = given[name]
        if self.request_id and request.request_id:
            headers[REQUEST_ID] = request.request_id


@dataclass(frozen=True, slots=True)
class CopyAs:
    """One header, perhaps by another name, or a default."""

    name: str
    new_name: str
    default: str | None

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        given = request.request_id if self.name == REQUEST_ID else request.headers.get(self.name, self.default)
        if given is not None:
            headers[self.new_name] = given


@dataclass(frozen=True, slots=True)
class CopyMatching:
    """Those whose name matches, but for what is about the client's own connection and body."""

    expression: re.Pattern[str]

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        for name, value in request.headers.items():
            if name not in NEVER_FORWARDED and name != REQUEST_ID and self.expression.search(name):
                headers[name] = value
        if request.request_id and self.expression.search(REQUEST_ID):
            headers[REQUEST_ID] = request.request_id


@dataclass(frozen=True, slots=True)
class Set:
    """A constant."""

    name: str
    value: str

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        headers[self.name] = self.value


@dataclass(frozen=True, slots=True)
class SetFromClaim:
    """A claim of the caller; who has none cannot put something in its place."""

    name: str
    claim: str

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        _set(headers, self.name, request.caller.claims.get(self.claim))


@dataclass(frozen=True, slots=True)
class SetFromContext:
    """What a plugin left for the request; likewise."""

    name: str
    key: str

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        _set(headers, self.name, request.context.get(self.key))


@dataclass(frozen=True, slots=True)
class SetFromAddress:
    """Where the client calls from; likewise."""

    name: str

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        _set(headers, self.name, request.client.address)


@dataclass(frozen=True, slots=True)
class Remove:
    """Those of the names."""

    names: tuple[str, ...]

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        for name in self.names:
            headers.pop(name, None)


@dataclass(frozen=True, slots=True)
class RemoveMatching:
    """Those whose name matches."""

    expression: re.Pattern[str]

    def __call__(self, request: ClientRequest, headers: dict[str, str]) -> None:
        for name in [name for name in headers if self.expression.search(name)]:
            del headers[name]


def _set(headers: dict[str, str], name: str, value: Any) -> None:
    text = _text(value)
    if text is None:
        headers.pop(name, None)
    else:
        headers[name] = text


def _text(value: Any) -> str | None:
    """A value of JSON as a header: text as it is, in UTF-8 beyond ASCII; None for what is nothing, or more than one line."""
    if value is None:
        return None
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return None if _UNPRINTABLE.search(text) else text.encode(errors="replace").decode("latin-1")
