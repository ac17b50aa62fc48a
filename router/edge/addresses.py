"""The address of a client that may come through proxies: what they report is believed as far as they are trusted, and no further."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from starlette.types import Scope

from router.limits import FORWARDED_HOPS_MAX, RATE_LIMIT_ADDRESSES_MAX

Network: TypeAlias = IPv4Network | IPv6Network


def client_address(scope: Scope, trusted: Sequence[Network]) -> str | None:
    """The socket's other end or, where that is a trusted proxy, the last address in X-Forwarded-For that is not one.

    Each proxy adds to the end of that header whom it was called by, so whatever stands left of an untrusted address is only what
    somebody claims. None: there is no address, as on a unix socket.
    """
    client = scope.get("client")
    peer: str | None = client[0] if client else None
    if not trusted or peer is None or not _is_trusted(peer, tuple(trusted)):
        return peer
    address = peer
    for hop in _forwarded_for(scope):
        if _parsed(hop) is None:
            break  # `unknown`, an obfuscated name, garbage: what stands before it is no more credible
        address = hop
        if not _is_trusted(hop, tuple(trusted)):
            break
    return address


def _forwarded_for(scope: Scope) -> list[str]:
    """Nearest hop first. A proxy may add a line of its own in place of an entry, so all lines count, in order."""
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = [_without_port(hop.strip()) for hop in ",".join(lines).split(",")]
    return hops[: -FORWARDED_HOPS_MAX - 1 : -1]


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(RATE_LIMIT_ADDRESSES_MAX)
def _is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
