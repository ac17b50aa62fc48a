"""Runs an ASGI application on a port of its own until it is told to stop.

The port is bound before the server starts, so that a taken one is told in a sentence of ours.
"""

from __future__ import annotations

import errno
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

import uvicorn
from starlette.types import ASGIApp

from router import limits
from router.config import HttpSettings, Listen
from router.edge.connection import bounded
from router.errors import ConfigError

# Objects made beyond those dropped before the collector of cycles looks at the youngest ones. Answers are large trees without
# cycles: at Python's default of 700 it walks half-built ones again and again, which took a tenth of a request's time.
GARBAGE_THRESHOLDS: Final = (50_000, 20, 50)


def bind(listen: Listen) -> socket.socket:
    """A socket that listens at the address; port 0 takes a free one. Who connects before `run` waits.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    # Without this a restart has to wait until connections of the last run have timed out.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((listen.host, listen.port))
        bound.listen(limits.CONNECTIONS_WAITING_MAX)
    except OSError as error:
        bound.close()
        raise ConfigError(_refusal(listen, error)) from None
    return bound


def run(
    app: ASGIApp,
    bound: socket.socket,
    *,
    shutdown_s: float,
    announce: Callable[[], None],
    leave: Callable[[], Awaitable[None]] | None = None,
    http: HttpSettings | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; running requests then get `shutdown_s` seconds to finish.

    `announce` is called once requests are answered, `leave` before connections are closed. `http` bounds what clients may send.
    """
    server = _Announcing(
        announce,
        leave,
        uvicorn.Config(
            app,
            loop="auto",  # uvloop, where there is one
            http=bounded(http or HttpSettings()),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nothing here asks for the address of a client
            lifespan="on",
            ws_max_size=limits.SOCKET_MESSAGE_BYTES_MAX,
            ws_ping_interval=limits.WEBSOCKET_PING_INTERVAL_S,
            ws_ping_timeout=limits.SOCKET_IDLE_PONG_S,
            backlog=limits.CONNECTIONS_WAITING_MAX,
            timeout_graceful_shutdown=max(1, round(shutdown_s)),
        ),
    )
    server.run(sockets=[bound])


class _Announcing(uvicorn.Server):
    """Says that it serves when it does, and not before it can be stopped."""

    def __init__(
        self, announce: Callable[[], None], leave: Callable[[], Awaitable[None]] | None, config: uvicorn.Config
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._leave = leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _spare_the_collector()
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._leave is not None:
            await self._leave()
        await super().shutdown(sockets)


def _spare_the_collector() -> None:
    """What is there when the server starts, the supergraph above all, stays until its end: no collection need walk it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def exit_when_told() -> None:
    """Let SIGINT and SIGTERM end this process with 0, from now on: being asked to stop is no failure.

    While the server runs it takes the signals itself, and raises them again once it is done.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)


def _refusal(listen: Listen, error: OSError) -> str:
    where = f"{listen.host}:{listen.port}"
    if error.errno == errno.EADDRINUSE:
        return f"The address {where} is already in use: stop what listens there, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"The address {where} may not be used by this user: choose a port above 1023 with --port."
    return f"The router cannot listen on {where}: {error.strerror or error}."


def _stopped(*_: object) -> NoReturn:
    sys.exit(0)
