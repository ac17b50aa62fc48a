"""Whose bucket an operation is charged to, and under which plan.

A client is told by the best proof there is: the subject of its access token, else its API key, else the address it calls from. What
becomes part of a key in Redis is a digest: neither subjects nor keys are written down there.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, NamedTuple

from router import limits
from router.config.rate_limit import RateLimitSettings, RatePlan
from router.exchange import ClientRequest
from router.ratelimit.gcra import US_PER_S, Rate
from router.security.caller import Caller

SIGNED_IN: Final = "signed-in"
ANONYMOUS: Final = "anonymous"
API_KEY: Final = "api-key"
_IPV6_PREFIX: Final = 64  # what one subscriber is given: within it addresses are free to choose (RFC 6177)


class Holder(NamedTuple):
    """A bucket: the rate that it fills at, and its key."""

    rate: Rate
    key: str


class Holders:
    """Finds the holder for a request, by the plans of the configuration."""

    def __init__(self, settings: RateLimitSettings, key_prefix: str) -> None:
        keys = settings.api_keys
        self._prefix = key_prefix
        self._signed_in = _rate(SIGNED_IN, settings.plan)
        self._scoped = tuple((plan.scope, _rate(plan.scope, plan)) for plan in settings.scopes)
        self._anonymous = _rate(ANONYMOUS, settings.anonymous or settings.plan)
        self._by_key = _rate(API_KEY, (keys and keys.plan) or settings.plan)

    def of(self, request: ClientRequest) -> Holder:
        """Each plan of a client is a bucket of its own: tokens of different scopes do not spend each other's budget."""
        caller, client = request.caller, request.client
        if caller.authenticated:
            rate = self._of_signed_in(caller)
            who = network_of(client.address) if caller.subject is None else _digest(caller)
        elif client.api_key is not None:
            rate, who = self._by_key, client.api_key[:32]
        else:
            rate, who = self._anonymous, network_of(client.address)
        return Holder(rate, f"{self._prefix}rate:{rate.plan}:{who}")

    def _of_signed_in(self, caller: Caller) -> Rate:
        for scope, rate in self._scoped:
            if scope in caller.scopes:
                return rate
        return self._signed_in


def _digest(caller: Caller) -> str:
    # Two issuers may give one subject to different people.
    name = f"{caller.claims.get('iss')}\0{caller.subject}"
    return blake2b(name.encode(errors="surrogatepass"), digest_size=16).hexdigest()


@lru_cache(limits.RATE_LIMIT_ADDRESSES_MAX)
def network_of(address: str | None) -> str:
    """The part of an address that its user cannot choose: of IPv6 the /64. What is no address counts as one client."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((int(parsed), _IPV6_PREFIX), strict=False))
    return str(parsed)


def _rate(name: str, plan: RatePlan) -> Rate:
    return Rate(name, plan.rate if plan.burst is None else plan.burst, plan.period_s * US_PER_S / plan.rate)
