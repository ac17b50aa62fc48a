"""`headers`: which headers of clients go to subgraphs, and which of subgraphs come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, Field, model_validator

from router.config.barred_headers import NEVER_FORWARDED, NEVER_TOLD
from router.config.base import Settings

_Rule = TypeVar("_Rule", bound=Settings)

Merging: TypeAlias = Literal["first", "last", "append", "most_restrictive"]

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # a token of RFC 9110, section 5.6.2
_VALUE = re.compile(r"[^\x00\r\n]*")


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f'"{name}" is no name of a header')
    return name.lower()


def _to_subgraphs(name: str) -> str:
    return _passing(name, NEVER_FORWARDED, "the connection or the body of one request")


def _to_clients(name: str) -> str:
    return _passing(name, NEVER_TOLD, "what the router itself says to clients, or the connection or body of one answer")


def _passing(name: str, barred: frozenset[str], because: str) -> str:
    lowered = _name(name)
    if lowered in barred or lowered.startswith("sec-websocket-"):
        raise ValueError(f'the header "{lowered}" is about {because}, and no rule may set or pass it')
    return lowered


def _value(value: str) -> str:
    if not _VALUE.fullmatch(value) or not _is_latin(value):
        raise ValueError("the value of a header is one line of Latin-1 characters")
    return value


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


HeaderName = Annotated[str, AfterValidator(_name)]
SentName = Annotated[str, AfterValidator(_to_subgraphs)]
ToldName = Annotated[str, AfterValidator(_to_clients)]
HeaderValue = Annotated[str, AfterValidator(_value)]


class Selection(Settings):
    """Headers by name, or by a regular expression that some part of the name must match."""

    named: HeaderName | tuple[HeaderName, ...] | None = None
    """A name, or a list of names."""
    matching: re.Pattern[str] | None = None
    """A regular expression (Python's); names are in lower case."""

    @model_validator(mode="after")
    def _one_way(self) -> Selection:
        if (self.named is None) == (self.matching is None):
            raise ValueError("a rule says either `named` or `matching`")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The names; none where an expression chooses."""
        return (self.named,) if isinstance(self.named, str) else self.named or ()

    def selects(self, name: str) -> bool:
        """Whether the rule is about the header of this name."""
        return name in self.names if self.matching is None else self.matching.search(name) is not None


class PropagateToSubgraph(Selection):
    """Headers of the client's request, as they came."""

    named: SentName | tuple[SentName, ...] | None = None
    """A name, or a list of names."""
    rename: SentName | None = None
    """The name by which the subgraph gets it."""
    default: HeaderValue | None = None
    """What is sent where the client sent none."""

    @model_validator(mode="after")
    def _of_one(self) -> PropagateToSubgraph:
        if (self.rename is not None or self.default is not None) and len(self.names) != 1:
            raise ValueError("`rename` and `default` are for a rule with one name")
        return self


class InsertToSubgraph(Settings):
    """A header of the router's own."""

    name: SentName
    value: HeaderValue | None = None
    """This text; `${env.NAME}` takes it from the environment."""
    from_claim: str | None = None
    """A claim of the caller's verified token. Nothing is sent where there is none: not even what the client sent by that name."""
    from_context: str | None = None
    """What a plugin left in `request.context` under this key; likewise."""
    from_client: Literal["address"] | None = None
    """`address`: where the client calls from, as far as `listen.trusted_proxies` are believed; likewise."""

    @model_validator(mode="after")
    def _of_one_source(self) -> InsertToSubgraph:
        if (
            sum(source is not None for source in (self.value, self.from_claim, self.from_context, self.from_client))
            != 1
        ):
            raise ValueError("a header is inserted from one of `value`, `from_claim`, `from_context` and `from_client`")
        return self


def _of_one_kind(rule: _Rule, kinds: tuple[Settings | None, ...]) -> _Rule:
    if sum(kind is not None for kind in kinds) != 1:
        raise ValueError("a rule is one of `propagate`, `insert` and `remove`")
    return rule


class RequestRule(Settings):
    """One step towards the headers of a subgraph's request. It replaces what steps before it set by the same name."""

    propagate: PropagateToSubgraph | None = None
    insert: InsertToSubgraph | None = None
    remove: Selection | None = None

    @model_validator(mode="after")
    def _one_step(self) -> RequestRule:
        return _of_one_kind(self, (self.propagate, self.insert, self.remove))


class PropagateToClient(Selection):
    """Headers of the subgraphs' answers. Those of several fetches are merged in the order of the query plan."""

    named: ToldName | tuple[ToldName, ...] | None = None
    """A name, or a list of names."""
    rename: ToldName | None = None
    """The name by which the client gets it."""
    algorithm: Merging = "last"
    """`first`, `last`, `append` (joined by commas), or `most_restrictive` for cache-control. Each set-cookie is kept as it is."""

    @model_validator(mode="after")
    def _fits(self) -> PropagateToClient:
        if self.rename is not None and len(self.names) != 1:
            raise ValueError("`rename` is for a rule with one name")
        if self.algorithm == "most_restrictive" and self.names != ("cache-control",):
            raise ValueError("`most_restrictive` is for the header cache-control alone")
        return self


class InsertToClient(Settings):
    """A header of the router's own, wherever a subgraph was asked."""

    name: ToldName
    value: HeaderValue


class ResponseRule(Settings):
    """One step towards the headers of the client's answer. It replaces what steps before it set by the same name."""

    propagate: PropagateToClient | None = None
    insert: InsertToClient | None = None
    remove: Selection | None = None

    @model_validator(mode="after")
    def _one_step(self) -> ResponseRule:
        return _of_one_kind(self, (self.propagate, self.insert, self.remove))


class SubgraphHeaders(Settings):
    """Rules for one subgraph, after those for all."""

    request: tuple[RequestRule, ...] = ()
    response: tuple[ResponseRule, ...] = ()


_BY_DEFAULT = RequestRule(propagate=PropagateToSubgraph(named=("authorization", "x-request-id")))


class AllHeaders(Settings):
    """Rules for all subgraphs."""

    request: tuple[RequestRule, ...] = (_BY_DEFAULT,)
    """By default the caller's token and the request's id go along. What is set here takes the place of that."""
    response: tuple[ResponseRule, ...] = ()
    """By default nothing of a subgraph's headers comes back."""


class HeaderSettings(Settings):
    """Rules in order, for all subgraphs and then for each: `propagate`, `insert` or `remove` headers on the way there and back."""

    all: AllHeaders = AllHeaders()
    subgraphs: Mapping[str, SubgraphHeaders] = Field(default_factory=dict)
