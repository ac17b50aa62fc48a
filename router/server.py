"""Runs an ASGI application on a port of its own until it is told to stop.

The port is bound before the server starts, so that a taken one is told in a sentence of ours.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final, NoReturn, Protocol

import uvicorn
from starlette.types import ASGIApp

from router import limits
from router.config import HttpSettings
from router.edge.connection import bounded
from router.errors import ConfigError

# Objects made beyond those dropped before the collector of cycles looks at the youngest ones. Answers are large trees without
# cycles: at Python's default of 700 it walks half-built ones again and again, which took a tenth of a request's time.
GARBAGE_THRESHOLDS: Final = (50_000, 20, 50)

LEAVING_TICK_S: Final = 0.05  # how soon a second signal is heard


class Address(Protocol):
    """Where to listen."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...


def bind(listen: Address) -> socket.socket:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """What comes before the door is closed: `turn_away` is called at once, then requests are served for `delay_s`, then `leave`."""

    turn_away: Callable[[], None]
    leave: Callable[[], Awaitable[None]]
    delay_s: float = 0.0


def run(
    app: ASGIApp,
    bound: socket.socket,
    *,
    shutdown_s: float,
    announce: Callable[[], None],
    farewell: Farewell | None = None,
    http: HttpSettings | None = None,
    beside: tuple[ASGIApp, socket.socket] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; running requests then get `shutdown_s` seconds to finish. A second signal ends everything at once.

    `announce` is called once requests are answered. `http` bounds what clients may send. `beside` is an application for an
    address of its own, which is there as long as the process is.
    """
    config = uvicorn.Config(
        app,
        loop="auto",  # uvloop, where there is one
        http=bounded(http or HttpSettings()),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # router.edge.addresses decides which proxies are believed
        lifespan="on",
        ws_max_size=limits.SOCKET_MESSAGE_BYTES_MAX,
        ws_ping_interval=limits.WEBSOCKET_PING_INTERVAL_S,
        ws_ping_timeout=limits.SOCKET_IDLE_PONG_S,
        backlog=limits.CONNECTIONS_WAITING_MAX,
        timeout_keep_alive=limits.CLIENT_CONNECTION_IDLE_S,
        timeout_graceful_shutdown=max(1, round(shutdown_s)),
    )
    second = _Beside(*beside) if beside is not None else None
    _Server(config, announce, farewell=farewell, beside=second).run(sockets=[bound])


class _Server(uvicorn.Server):
    """Says that it serves when it does, and not before it can be stopped; and that it will stop before it does."""

    def __init__(
        self,
        config: uvicorn.Config,
        announce: Callable[[], None],
        *,
        farewell: Farewell | None,
        beside: _Beside | None,
    ) -> None:
        super().__init__(config)
        self._farewell = farewell
        self._announce = announce
        self._beside = beside

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._beside is not None:
            self._beside.begin()
        _spare_the_collector()
        self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal asks for an end, the second for it now."""
        if self.should_exit:
            self.force_exit = True
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._farewell is not None:
            await self._say(self._farewell)
        await super().shutdown(sockets)
        if self._beside is not None:
            await self._beside.end()

    async def _say(self, farewell: Farewell) -> None:
        """Whoever shares out requests has to learn first that this process will take none."""
        farewell.turn_away()
        loop = asyncio.get_running_loop()
        until = loop.time() + farewell.delay_s
        while loop.time() < until and not self.force_exit:  # noqa: ASYNC110 - a signal handler may not set an Event
            await asyncio.sleep(min(LEAVING_TICK_S, until - loop.time()))
        if not self.force_exit:
            await farewell.leave()


class _Beside(uvicorn.Server):
    """A second server in the same event loop, which leaves signals to the first."""

    def __init__(self, app: ASGIApp, bound: socket.socket) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off"))
        self._bound = bound
        self._serving: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """They are not for this one."""
        yield

    def begin(self) -> None:
        self._serving = asyncio.get_running_loop().create_task(self.serve(sockets=[self._bound]))

    async def end(self) -> None:
        self.should_exit = self.force_exit = True
        if self._serving is not None:
            await self._serving


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


def _refusal(listen: Address, error: OSError) -> str:
    where = f"{listen.host}:{listen.port}"
    if error.errno == errno.EADDRINUSE:
        return f"The address {where} is already in use: stop what listens there, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"The address {where} may not be used by this user: choose a port above 1023 with --port."
    return f"The router cannot listen on {where}: {error.strerror or error}."


def _stopped(*_: object) -> NoReturn:
    sys.exit(0)
