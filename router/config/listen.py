"""`listen`: where the router listens."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from pydantic import Field

from router.config.base import Settings


class Listen(Settings):
    """Where the router listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=4000, ge=0, le=65535)

    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of proxies before the router, e.g. `10.0.0.0/8`: what they say in X-Forwarded-For of a client's address is believed."""
