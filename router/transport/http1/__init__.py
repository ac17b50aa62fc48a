"""A small HTTP/1.1 client for the router's hot path: POST over plain TCP, on httptools and asyncio Protocols (RFC 9112).

A request costs one write, one Future and no Task. `route` renders what is sent, `reader` parses what comes back, `connection`
carries one exchange at a time, `pool` says which connection carries which.
"""

from router.transport.http1.client import Http1Client
from router.transport.http1.pool import Bounds

__all__ = ["Bounds", "Http1Client"]
