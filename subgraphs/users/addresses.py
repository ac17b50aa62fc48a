"""Where a request comes from, as far as that can be believed: what throttling counts by."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from starlette.requests import HTTPConnection

from payflow.kernel.errors import SettingsError

CLIENT_ADDRESS: Final = "x-client-address"  # set by the router, whatever the client sends by that name (router.yaml)
IPV6_PREFIX: Final = 64  # what one subscriber is given: within it addresses are free to choose (RFC 6177)
UNKNOWN: Final = "unknown"

Network: TypeAlias = IPv4Network | IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8,::1/128` as networks. Raises SettingsError."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(f"PAYFLOW_ROUTER_NETWORKS is not valid: {error}; give it as 10.0.0.0/8,::1/128") from None


def client_network(connection: HTTPConnection, *, routers: Sequence[Network]) -> str:
    """The network of the client: of the address that a router tells or, where anybody else calls, of the caller's own."""
    peer = connection.client.host if connection.client else ""
    told = connection.headers.get(CLIENT_ADDRESS)
    return network_of(told if told is not None and _is_within(peer, routers) else peer)


def network_of(address: str) -> str:
    """The part of an address that its user cannot choose: of IPv6 the /64. What is no address counts as one client."""
    parsed = _parsed(address)
    if parsed is None:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed)


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
