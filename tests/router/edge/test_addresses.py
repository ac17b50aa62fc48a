"""Which address a client has that may come through proxies."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from router.edge.addresses import client_address

TRUSTED = tuple(ip_network(network) for network in ("10.0.0.0/8", "2001:db8:ffff::/48"))


def address(peer: str | None, *lines: str, trusted: bool = True) -> str | None:
    scope = {
        "type": "http",
        "client": None if peer is None else (peer, 12345),
        "headers": [(b"x-forwarded-for", line.encode()) for line in lines],
    }
    return client_address(scope, TRUSTED if trusted else ())


@pytest.mark.parametrize(
    ("peer", "lines", "expected"),
    [
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.7, garbage"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.1", ["[2001:db8::5]:4711"], "2001:db8::5"),
        ("2001:db8:ffff::1", ["2001:db8::5"], "2001:db8::5"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        (None, ["198.51.100.7"], None),
    ],
)
def test_forwarded_addresses_are_believed_behind_trusted_proxies_only(
    peer: str | None, lines: list[str], expected: str | None
) -> None:
    """From the right, trusted hops are passed over; what stands left of the first other one is what anybody could write."""
    assert address(peer, *lines) == expected


def test_without_trusted_proxies_the_header_is_not_read() -> None:
    """The default believes nobody."""
    assert address("10.0.0.1", "198.51.100.7", trusted=False) == "10.0.0.1"


def test_a_flood_of_hops_is_not_followed() -> None:
    """Of an endless list only the nearest are looked at."""
    assert address("10.0.0.1", "198.51.100.7, " + ", ".join(["10.0.0.2"] * 1_000)) == "10.0.0.2"
