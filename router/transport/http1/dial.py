"""Connects to an origin: every address that its name has is tried, the families by turns (RFC 8305, "happy eyeballs")."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TypeVar

import aiohappyeyeballs

NEXT_ADDRESS_AFTER_S = 0.25  # the recommended delay of RFC 8305, section 8

P = TypeVar("P", bound=asyncio.Protocol)


async def dial(origin: tuple[str, int], protocol: Callable[[], P]) -> P:
    """A connected protocol. Raises OSError, also where the name is not known, or UnicodeError where it can be none."""
    loop = asyncio.get_running_loop()
    host, port = origin
    addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    connected = await aiohappyeyeballs.start_connection(
        addresses, happy_eyeballs_delay=NEXT_ADDRESS_AFTER_S, interleave=1
    )
    _, made = await loop.create_connection(protocol, sock=connected)
    return made
