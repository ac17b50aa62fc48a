"""Where a request comes from: routers are believed, nobody else is."""

from __future__ import annotations

import pytest
from starlette.requests import HTTPConnection

from payflow.kernel.errors import SettingsError
from subgraphs.users.addresses import client_network, network_of, parse_networks

ROUTERS = parse_networks("10.0.0.0/8, ::1/128")


def connection(peer: str | None, **headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "client": (peer, 1) if peer else None, "headers": raw})


@pytest.mark.parametrize(
    ("peer", "told", "network"),
    [
        ("10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("10.1.2.3", "garbage", "unknown"),
        ("10.1.2.3", "", "unknown"),
        ("10.1.2.3", None, "10.1.2.3"),
        ("198.51.100.4", "203.0.113.7", "198.51.100.4"),
        ("198.51.100.4", None, "198.51.100.4"),
        (None, "203.0.113.7", "unknown"),
    ],
)
def test_only_a_router_is_believed(peer: str | None, told: str | None, network: str) -> None:
    """Who calls past the routers is counted by the socket's other end, whatever they send."""
    headers = {} if told is None else {"x_client_address": told}

    assert client_network(connection(peer, **headers), routers=ROUTERS) == network


def test_forwarding_headers_count_for_nothing() -> None:
    """Any client can send them; the router has looked at them, as far as its proxies are trusted."""
    asked = connection("10.1.2.3", x_forwarded_for="198.51.100.9", forwarded="for=198.51.100.9")

    assert client_network(asked, routers=ROUTERS) == "10.1.2.3"


def test_a_network_is_what_one_subscriber_has() -> None:
    """An address of IPv4, also where it is written as one of IPv6; of IPv6 the /64."""
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") != network_of("2001:db8:0:1::1")


def test_networks_are_a_setting() -> None:
    """Said at start, by the variable's name; none is a choice."""
    assert parse_networks("") == ()
    with pytest.raises(SettingsError, match="PAYFLOW_ROUTER_NETWORKS"):
        parse_networks("10.0.0.1/8")
