"""Which part listens where: every port follows from the router's."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from types import MappingProxyType

from payflow.dev.errors import CannotStart

ROUTER_DEFAULT = 4000
OFFSETS = MappingProxyType(
    {
        "router": 0,
        "users": 101,
        "wallet": 102,
        "transactions": 103,
        "rewards": 104,
        "notifications": 105,
        "rewards-consumer": 114,
        "notifications-consumer": 115,
        "broker": 192,
    }
)
ROUTER_MAX = 65535 - max(OFFSETS.values())


def ports_from(router: int) -> Mapping[str, int]:
    """Port by part. Raises CannotStart where the router's leaves no room for the others."""
    if not 1024 <= router <= ROUTER_MAX:
        raise CannotStart(
            f"--port {router} is not possible; choose one from 1024 to {ROUTER_MAX}, the others follow from it"
        )
    return {part: router + offset for part, offset in OFFSETS.items()}


def refuse_taken(ports: Mapping[str, int]) -> None:
    """Raise CannotStart, naming port and part, where somebody listens already."""
    for part, port in ports.items():
        if _is_taken(port):
            raise CannotStart(
                f"Port {port} is taken and the {part} part needs it; "
                "stop what listens there, or move the whole stack with --port"
            )


def _is_taken(port: int) -> bool:
    with socket.socket() as listener:
        # As servers do: a connection that is still closing does not make a port taken, a listener does.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return True
            raise
    return False
